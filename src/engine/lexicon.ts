import type { Category, Topic, Urgency } from "./labels.ts";

/**
 * Words that are evidence for a label, with their weight: 3 is nearly sufficient, 1 is weak.
 *
 * Expressions are separated by commas. `factur*` matches any ending, `*rme` any beginning, `a|b` either word, `#` a
 * number, `_` up to two words of any kind. An expression without accents also matches words with accents, but not the
 * other way round. Of two expressions that start at the same word, the longer wins. Expressions of the label `null` are
 * no evidence, although a part of them would be.
 */
export type Lexicon<Label extends string> = readonly (readonly [
  label: Label | null,
  weight: number,
  expressions: string,
])[];

/** A reported fault without a complaint is `solicitud`; an incident that stops the business is `urgencia`. */
export const CATEGORY_LEXICON: Lexicon<Category> = [
  [
    "urgencia",
    4,
    `servidor*|web|pagina|sistema|red|plataforma|produccion|tienda|aplicacion|app|base|erp _ caid*|tirad*,
     caid* _ servidor*|sistema|web|produccion|red|plataforma, ha|han caido|petado|reventado,
     han|ha cifrado, piden|pide|exigen _ rescate, lleva|llevan|esta|estan|sigue|siguen caid*|tirad*, broke into, break in, stole, stolen, robaron, han robado, nos han robado, nota de rescate, cifrado|cifrados nuestros|los archivos, alguien _ ha entrado|accedido|robado|suplantado, spam a clientes|los, suplant*, acceso no autorizado, unauthorized access, intruso*, caida general|total|del|de, ransomware, malware, hacke*, nos han|estan atacado|atacando|entrado, ciberataque*,
     ataque informatico, brecha de seguridad|datos, fuga de datos|gas|agua|informacion, incendio*, inundacion*, inundad*,
     accidente, emergencia*, evacua*, ambulancia, explosion, herid*, desmayad*, hay fuego, huele a quemado|gas,
     se ha|han caido, toda la oficina|empresa|planta _ sin, se esta|esta inundando|quemando|ardiendo, reventado|roto _ tuberia, datafono*|tpv _ ha|han dejado, clientes esperando, nadie puede trabajar|entrar|acceder|vender|facturar|cobrar|comprar|pagar|conectar*,
     no podemos trabajar|vender|facturar|cobrar|operar|atender|producir, clientes no pueden comprar|pagar|acceder|entrar,
     todo parado, estamos parados|bloqueados, produccion parada|detenida, linea parada, data breach, security breach,
     production _ down, server*|site|website|system*|everything|service|network|database|store|platform _ is|are|went down,
     is|are down for everyone|all, outage, emergency, there is a fire, fire in, we've been hacked, been hacked, nobody can work|log|access|pay,
     no one can work|log|access|pay, customers can't|cannot _ pay|buy|check|order|access, bleeding, injured`,
  ],
  [
    "urgencia",
    2,
    "urgencia, codigo rojo, alerta, incidente grave|critico, critical incident|issue, sos, socorro, auxilio",
  ],
  [
    "urgencia",
    1,
    "amenaz*, grave, a punto de, right now, cola de clientes, every customer, all customers|users, todos los clientes|usuarios, urgente*, urge, crítico, crítica, críticos, critical*, inmediatamente, urgent*, immediately, parad*, perdiendo ventas|dinero|clientes",
  ],
  [
    "queja",
    3.2,
    `inaceptable*, inadmisible*, indignante*, indignad*, vergonzos*, verguenza, intolerable*, lamentable*, impresentable*,
     pesim*, nefast*, horrible*, desastre, fatal, tomadura de pelo, estafa*, enganad*, decepcion*, desilusion*, hasta las narices, hart*,
     queja*, reclamacion*, reclamar, descontent*, insatisfech*, cansad* de,
     nadie _ contesta*|responde*|contestado|respondido|hace|atiende|coge|sabe|resuelve|soluciona|ayuda,
     no _ contestan|responden|contestais|respondeis|hacen caso, sin respuesta, sigo|seguimos sin, sigue sin,
     llevo|llevamos|llevan _ semanas|dias|meses|horas|anos _ esperando|reclamando|pidiendo|llamando|intentando|sin,
     segunda|tercera|cuarta|enesima vez, me|nos ha|han llegado otro|otra|negro|mal|cambiado|abierto, han rechazado|descontado, me|nos habeis|han|ha descontado|rechazado|quitado, llego|llega|llegaron|recibi|recibido|recibimos _ roto|rota|rotos|danad*|defectuos*|equivocad*|incomplet*|tarde, exijo|exigimos|exigir, una|la solucion|explicacion ya, no me|nos devuelv*|contesta*|responde*|atiende*|cogen|hacen|solucionan|hacen, hago caso omiso, iniciare|iniciaremos|emprendere|tomare acciones|medidas, mala experiencia, no vuelvo|volvere a, no ha|han arreglado|solucionado|servido, no arregl*|soluciona*|resuelv*, nunca _ contestan|responden|cogen|llega|funciona, mentira|mentido|mintieron, menudo|vaya servicio|desastre|timo, chapuza*, que verguenza|asco|desastre|fastidio, no aguanto|aguantamos|soporto, no me|nos han|ha ingresado|pagado|abonado|devuelto|contestado|entregado|llamado|respondido|atendido, tercer|tercera|cuarto|cuarta|quinto|quinta correo|mensaje|llamada|aviso|vez|reclamacion, sigue igual|mal|roto|rota, sin cobrar, me grita|insulta|ignora|ignoran, furious, angry, me|nos habeis|han|ha|estan cobrado|cargado|cobrando|cargando|ignorado|ignorando|perdido|enviado otro|otra|mal, se rie|rien de, que no he contratado|pedido|autorizado|solicitado, mal servicio|trato|atencion, mala atencion, falta de respeto|profesionalidad, no es normal, no hay derecho, ya esta bien,
     por tercera|cuarta|enesima|segunda vez, perder|perdiendo el tiempo, maleducad*, grosero*, groser*, cobrado de mas|dos veces, doble cobro, me han cobrado,
     unacceptable, disappoint*, complain*, terrible*, awful*, worst, ridiculous, fed up, disgrace*, disgust*, outrageous, frustrat*, appalling,
     keep|keeps ignoring, ignoring me|us, weeks|months without, without a reply|answer|response|refund, still no answer|response|reply|refund|news|sign, no answer|response|reply, late again, hung up, still waiting, been waiting, still haven't, still hasn't, nobody|no one _ answer*|respond*|repl*|call*|care*|help*|gets|got,
     hasn't|haven't|not been|got|received|had paid|refunded|answered|contacted|delivered|fixed|reply|replied|money, third|second|fourth ticket|email|call|message|request, third|second|fourth time, poor service, rude*, rip off, scam*, waste of time, never again, not happy, unhappy, dissatisfied, charged twice, charged me, overcharged`,
  ],
  [
    "queja",
    1.5,
    `otra vez, de nuevo, una vez mas, todavia no, aun no, sigue|siguen fallando, cada dos por tres, siempre lo mismo, siempre igual, ni siquiera, encima,
     me|nos faltan|falta, no entiendo como, ya van|es la, sucio, sucia, frio, fria, roto|rota|rotos|rotas, defectuos*, danad*, equivocad*, prometi*, incumpl*, retraso*, jamas, me parece fatal|mal|increible, promised, damaged, defective, wrong item|size|order, yet again, still not, never arrived|came|called|received, no ha llegado, no me ha llegado, ruido`,
  ],
  [
    "consulta",
    3.5,
    `quisiera|queria|queriamos|quiero|gustaria|necesito|necesitamos|necesitaria|querria|interesaria saber|conocer|preguntar|consultar,
     me|nos gustaria|interesa|interesaria|encantaria saber|conocer|preguntar|consultar, necesit* saber|conocer, sabeis|sabes|saben|sabe si|cuando|como|donde|quien|algo, tengo|tenemos _ duda*|pregunta*|consulta*, una duda|pregunta|consulta, duda sobre|con, saber si|como|cuando|cuanto|que|donde,
     podri*|pued*|podeis decir*|indicar*|aclarar*|explicar*|informar*|confirmar*|orientar*,
     me|nos podri*|pued*|podeis decir*|indicar*|aclarar*|explicar*|informar*|confirmar*|orientar*,
     i|we would like to know, i'd like to know, like to know, i was wondering, wondering if|whether|how, quick question, have a question,
     could|can you tell|explain|clarify|confirm, could|can you let me know, does anyone|anybody know, do you know, por curiosidad`,
  ],
  [
    "consulta",
    1.5,
    `me|se|nos puedo|podemos, duda*, pregunt*, se puede*, es posible, hay alguna|algun|algo, puedo, podemos, podria yo, a que hora, que dia|documentos|requisitos|pasos|plazo|diferencia,
     como|cuando|cuanto|cuantos|cuantas|donde|quien|cual se|es|son|puedo|podemos|hay|tengo|va|llega|cuesta|tarda*|dias|esta|funciona|debo|abre*|cierra*|sera,
     informacion sobre|acerca, is|are there any, do|does _ have, how do|does|can|much|many|long, what|which|who|where|when is|are|does|do|will|should, can i|we, should i|we, do i|we, is it possible, question*, information about|on`,
  ],
  ["consulta", 2.2, "?"],
  [
    "consulta",
    1,
    "cómo, cuándo, cuánto, cuántos, cuántas, dónde, quién, cuál, cuáles, qué, por qué",
  ],
  [
    "solicitud",
    4.5,
    "podri*|podeis|puedes|pueden|podemos *ar|*er|*ir, puede ud|usted *ar|*er|*ir, can|could someone|somebody|anyone|anybody, please sign|send|review|check|confirm|update|fix|call|add|remove|approve|reset|help|provide|prepare|book|cancel|schedule|forward|make|change|create|share|install|advise|arrange, quiero|queremos|quisiera|deseo|queria|desearia devolver|cambiar|cancelar|anular|contratar|reservar|darme, i|we want|like to return|exchange|cancel",
  ],
  [
    "solicitud",
    3,
    `solicit*, ruego, rogamos, rogaria*, pido|pedimos|pedir|pedirle*|pediros|pedirte, me|nos gustaria, agradeceria*, agradeceriamos,
     podri*|pued*|podeis|podrias|podriais _ *rme|*rnos|*rlo|*rla|*rle|*rles|*rlos|*rlas,
     me|nos|lo|la|le podria|podrian|podrias|podriais|puede|puedes|pueden|podeis, podri*|podeis|podrias|podriais|pueden|puedes|puede|podemos enviar|mandar|revisar|crear|instalar|dar|hacer|cambiar|preparar|arreglar|mirar|actualizar|anadir|pasar|llamar|ayudar|corregir|comprobar|gestionar|tramitar|reservar|activar|habilitar|configurar|restablecer|ampliar|cancelar|facilitar|aprobar|renovar|firmar|devolver,
     podrian|podria|podriais|podrias, could|can|would|will you, can|could|may i|we get|have|borrow, would you mind, i|we request, request*, would like, i'd|we'd like, i would appreciate,
     cliente|clienta quiere|pide|solicita|necesita, dar de alta|baja, dadme|dame|darme de alta|baja, date de baja, necesito ayuda, need help, help me|us`,
  ],
  [
    "solicitud",
    2.2,
    `necesit*, quiero|queremos|quisiera*|quisieramos|querria*|querriamos|queria|queriamos, hace|hacen|hara falta, haria falta, deseo|desearia*,
     *adme, *edme, *idme, *adnos, *enme, digame, tiene|tienen que salir|estar|llegar|hacerse|enviarse|pagarse, disenad|redactad|organizad|reenviad|recoged|traed|llevad, hay que, habria que, tenemos que, *adlo, *adla, *adlos, *adlas, *edlo, *edla, *idlo, *idla, *idlos, enviad|mandad|revisad|publicad|preparad|cread|corregid|cambiad|actualizad|subid|poned|quitad|borrad|comprad|llamad|avisad|confirmad|reservad|pagad|tramitad|firmad|imprimid|anadid|incluid|contestad|responded|pedid|haced|mirad|comprobad|instalad|buscad|traducid, quiere|quieren que, ampliar, amplieis, amplien, enviame|enviadme|envienme|enviarme|envieme|mandame|mandadme|mandarme|manda|envia|enviad|enviar|pasame|pasadme|pasarme|dame|dadme|deme|denme|facilitadme|facilitarme,
     ayudame|ayudadme|ayudarme|ayudenme|ayuda, llamame|llamadme|llamarme, avisame|avisadme, confirmame|confirmadme, revisa|revisad|revisar|revisen, prepara|preparad, cread|crea|creen|crear, arreglad|arreglen|arreglarlo,
     resetear|reseteo|reseteadme|restablecer|restableced, instalar|instaladme|instaleis|instalen, activar|activadme|activad, tramitar|tramitad|gestionar, reservar|reserva|reservad, renovar, autorizacion|autorizar|autoriceis, devolvedme|devuelvan,
     i|we|i'll|we'll need, i|we want, need access|a|to, send|share|give|forward me|us, requiero|requerimos, looking for, permiso para, pueden ustedes`,
  ],
  [
    "solicitud",
    2,
    `no puedo|podemos|consigo|conseguimos|logro|logramos|deja|permite entrar|acceder|abrir|conectar*|iniciar|imprimir|enviar|usar|descargar|subir|ver|ingresar|recibir|compartir|instalar|guardar|escanear|editar,
     no me|nos deja|permite|funciona|va|llega|llegan|abre|carga|reconoce|sale|aparece, no _ funciona*|arranca*|enciende*|carga*|abre|imprime|conecta|va|reconoce|responde|detecta|sincroniza, ha|han dejado de,
     se _ cae|caen|corta|cortan|cuelga|cuelgan|bloquea|apaga|congela|desconecta|reinicia|cierra, se _ ha|han roto|bloqueado|estropeado|caducado|bloqueada|borrado|perdido, he olvidado|perdido|borrado, olvide, perdi, da|sale|aparece|tira _ error, mensaje de error, va|va muy|esta lento|lenta|lentisimo|lentisima,
     se|me ha|han quedado _ negro|colgado|bloqueado|congelado|pillado|azul, pantalla azul|negra, no _ encuentra*|aparece*|suena|escucha|lee, va fatal|a pedales, parpadea, flickering, blue screen, freezes, froze, crashed, crashes, no coincide*|cuadra*|consta, falta|faltan, igual de lento, va a tirones, returns|shows|throws _ error, averia*, estropead*, bloquead*, can't, cannot, unable to, doesn't|isn't|not|won't|don't|aren't work*|load*|start*|turn*|open*|connect*|sync*|print*, keeps|keep dropping|crashing|freezing|disconnecting|failing|restarting, locked out, forgot|lost _ password|laptop|badge, stopped working, broken, getting an error, error when|message`,
  ],
  ["solicitud", 1.8, "por favor, please, porfa, porfavor, pls, plz"],
  [
    "solicitud",
    1,
    "gracias de antemano, thanks in advance, error, errores, fallo, fallos, falla, problema con, problem with, issue with",
  ],
  [
    "informe",
    3,
    `os|les|le|te informo|informamos|comunico|comunicamos|notifico|notificamos|adjunto|adjuntamos|comparto|traslado|resumo, se informa|comunica|notifica, informo|informamos de|que, comunicamos|notificamos que,
     adjunto|adjuntamos _ informe*|resumen|acta|resultados|balance|datos|reporte|cifras, informe|resumen|acta|reporte|balance semanal|mensual|trimestral|anual|de|del, acta de, cerramos|cerro|hemos cerrado _ mes|trimestre|ano|ejercicio|semana, para vuestra|su|tu informacion, please find, weekly|monthly|quarterly|annual|status|progress report|update|summary, meeting minutes, minutes of, this is to inform, for your information, we are pleased to|happy to report|announce, i'm writing to inform, summary of, report on|for|of`,
  ],
  [
    "informe",
    2,
    `os|te|le|les envio|enviamos|mando|mandamos|paso|comparto|remito|remitimos|reenvio, no podre|podremos ir|asistir|acudir|estar|llegar, no voy a poder, llegare tarde, estoy enferm*|malo|mala, concluyo|concluye|concluyeron|concluimos, hemos firmado|cerrado|ganado|lanzado|publicado|terminado|conseguido|alcanzado, recordad|recordamos|recuerdo que, os|les|te recuerdo|recordamos, se _ *ará|*arán|*erá|*erán|*irá|*irán, estará|estarán cerrad*, se ha|han incorporado|unido|programado, adjunto|adjuntamos|adjunta|adjuntos, informe*, reporte*, acta|actas, resumen|resumo, resultado|resultados|resultaron, conclusion*, comparto|compartimos, a continuacion, segun los datos|el informe|el estudio,
     ha|han|hemos|fue|quedo|quedaron _ completad*|finalizad*|concluid*|terminad*|resuelt*|solucionad*|desplegad*|publicad*|instalad*|migrad*|cerrad*|aprobad*|firmad*|entregad*|actualizad*, se ha|han completado|finalizado|resuelto|realizado|aprobado|firmado|publicado|cerrado|migrado|desplegado|registrado|reunido|revisado|celebrado, crecieron|crecio|aumentaron|aumento|subieron|subio|bajaron|bajo|descendio|descendieron|cayeron|disminuyo|disminuyeron _ un|el|hasta|en, por ciento, respecto al, en comparacion con, fyi, attached, results, report, summary, minutes, has|have|was|were been _ completed|resolved|deployed|finished|approved|signed|updated|fixed, completed, grew|rose|fell|increased|decreased|dropped _ by|to|from, year over year, compared to|with, findings, sin incidencias, se reunio, la reunion de ayer|hoy, avance del`,
  ],
  [
    "informe",
    0.8,
    "sin error|errores|fallos, completad*, finalizad*, recibid*, resuelt*, aprobad*, entregad*, we have|we've received|signed|closed|launched|finished, *ó, *aron, *ieron, fue de, fueron de, # millones|unidades|personas|asistentes|conversiones|visitas, se ha|han *ado|*ido, %, trimestre, semestre, actualizacion, update, quarter, datos de, total de, on average, de media, nos ha|han llegado|notificado|comunicado, recibido, ayer, hemos recibido, objetivo*, tasa",
  ],
  [
    null,
    0,
    "que bueno|bien|guay|alegria|risa|suerte|gracia|tal, recuerdos, se me ha ido, no tengo|tenemos queja*, sin queja*, ninguna queja, no es una queja, no complaints, informe medico, hacer una reserva, puede que, pueden que, no problem, sin problema*, no hay problema, hart, por que, gracias, can't wait, i can't thank",
  ],
];

export const URGENCY_LEXICON: Lexicon<Urgency> = [
  [
    "alta",
    3,
    `urgente*, urgentisim*, urge, urgencia*, emergencia*, cuanto antes, lo antes posible, lo mas pronto posible, de inmediato, inmediat*, ahora mismo, ya mismo, hoy mismo, para ya, ipso facto, sin demora, sin falta hoy, maxima prioridad, prioridad alta|maxima, alta prioridad, crítico, crítica, críticos, es|situacion critico|critica, gravisim*, codigo rojo, socorro, auxilio,
     antes de las|una, en # horas|minutos|hora, dentro de # horas|minutos|hora, within # hours|minutes, in # hours|minutes, para hoy, para esta tarde|noche, antes de esta, han|ha cifrado, piden|pide|exigen _ rescate, lleva|llevan|esta|estan|sigue|siguen caid*|tirad*, venid ya, solucion ya, respuesta ya, amenaz*, cortar el|la suministro|luz|servicio|linea, alguien _ ha entrado|accedido|robado, suplant*, nota de rescate, nos cortan, spam a clientes|los, se ha|han caido, vence|vencen|caduca|termina|acaba|cierra|expira hoy|manana|ya, plazo|entrega|fecha _ hoy|manana, ultimo dia, ultima oportunidad,
     urgent*, asap, immediate*, right now|away, as soon as possible, emergency, critical*, top|high priority, by end of day, by eod, eod, due today|tomorrow, expires today|tomorrow, within the hour, sos, deadline is today|tomorrow`,
  ],
  [
    "alta",
    3,
    `servidor*|web|pagina|sistema|red|plataforma|produccion|tienda|aplicacion|app|base|erp _ caid*|tirad*, caid* _ servidor*|sistema|web|produccion|red|plataforma, ha|han caido, caida general|total|del|de, ransomware, malware, hacke*, nos han|estan atacado|atacando|entrado, ciberataque*, phishing, ataque informatico, brecha de seguridad|datos, fuga de datos|gas|agua|informacion, incendio*, inundacion*, inundad*, accidente, evacua*, ambulancia, explosion, herid*, desmayad*, hay fuego, huele a quemado|gas,
     nadie puede, no podemos trabajar|vender|facturar|cobrar|operar|atender|producir, no puedo trabajar, clientes no pueden, todo parado, esta|estan|estamos|tenemos|quedado _ parad*, produccion|linea|maquina|obra parad*, se esta|esta inundando|quemando|ardiendo, reventado, cola de clientes, ha dejado de funcionar y hay, estamos bloqueados, perdiendo ventas|dinero|clientes, data breach, security breach, is|are|went|been down, production _ down, outage, there is a fire, been hacked, nobody|no one can, customers can't|cannot, can't work, losing money|sales|customers, injured, robaron, han robado, robo, stolen, stole, broke into, break in, demanda judicial, embargo, corte de suministro, acoso, harass*`,
  ],
  ["alta", 1.8, "grave, graves, serious, perjuicio*, riesgo"],
  ["alta", 1.2, "hoy, esta tarde|noche, today, tonight, this afternoon"],
  [
    null,
    0,
    "hasta hoy, a dia de hoy, hoy en dia, de hoy en adelante , hoy he|hemos|ha|han, la reunion de hoy, to date, up to today, antes de las vacaciones, mañana por la mañana, por la manana, de la manana, esta manana, buenos dias, punto critico, espiritu critico, tres manana",
  ],
  [
    "media",
    1.8,
    `pronto, importante*, fecha limite, plazo*, prioridad media, lo necesito para, soon, important, deadline, due, overdue, vencid*, pendiente*, recordatorio, reminder, sin respuesta`,
  ],
  [
    "media",
    1.2,
    `manana, esta semana, esta misma semana, antes del, para el, lunes|martes|miercoles|jueves|viernes, fin de mes, tomorrow, this week, monday|tuesday|wednesday|thursday|friday, before the, end of the week|month, no _ funciona*|va|arranca|enciende|carga|abre|imprime, se _ cae|corta|cuelga|bloquea, error*, fallo*, falla*, no puedo|podemos|consigo, bloquead*, averia*, inaceptable*, intolerable*, queja*, reclam*, indignante*, nadie _ contesta|responde, esperando, decepcion*, can't, cannot, not working, broken, unacceptable, waiting, disappoint*, complain*, problem*, retras*, demora*, preocup*, worried`,
  ],
  [
    "baja",
    4,
    `sin prisa*, no _ prisa, ninguna prisa, sin urgencia, no _ urgente, no _ urgencia, no urge, no me urge, nada urgente, no corre prisa, cuando pued*|podais|puedan|podamos|tengas|tengais|tengan|querais|quieras|os, cuando buenamente, con calma, con tranquilidad, tranquilamente, a vuestro|su|tu ritmo, no es critico|grave|importante, no pasa nada si, prioridad baja|minima, baja prioridad, poca prioridad, mas adelante, en el futuro, algun dia, no hace falta que sea, si teneis|tienes|tienen tiempo|un rato|un hueco,
     no rush, no hurry, whenever, when you can|get|have, not urgent, isn't urgent, not an emergency, not critical, low priority, at your convenience, take your time, no need to hurry, in the future, some day, nice to have`,
  ],
  [
    "baja",
    1.5,
    "por curiosidad, curiosity, sugerencia*, sugiero, suggest*, solo queria|quiero|quería, just wanted|curious|wondering, fyi, para vuestra|su|tu informacion, felicidades, enhorabuena, congratulations, proximo ano|trimestre, next year|quarter, idea, propongo",
  ],
];

export const TOPIC_LEXICON: Lexicon<Topic> = [
  [
    "recursos humanos",
    3,
    `vacaciones, enfermo|enferma, fiebre, cita medica, paga extra, seguro medico, dimision, dimit*, preaviso, vida laboral, ir a trabajar, certificado de retenciones, ticket restaurante, evaluacion de desempeno, promocion interna, contratar, lunes|martes|miercoles|jueves|viernes|dia|manana|tarde libre, me caso, mudanza, mi jefe|jefa|supervisor|supervisora|responsable, my boss|manager|supervisor, working|work remotely|abroad, becari*, festivo|festivos, permiso para ausentar*|faltar, trabajar desde casa, trabajo a distancia, probation, notice period, horas|curso|plan de formacion, desempleo, paro, antiguedad, categoria profesional, uniforme*, absentismo, conciliacion, permisos retribuidos, plus de, companero|companera nuevo|nueva, nuevo|nueva companero|companera, turno de noche, turnos, dress code, timesheet*, maternal, prestacion*, headcount, nomina*, baja medica|laboral|por, bajas medicas|laborales, de baja, permiso de|por|retribuido|parental|paternidad|maternidad, maternidad, paternidad, lactancia, excedencia*, dias libres, dias de asuntos, asuntos propios, dia de permiso|libre, recursos humanos, rrhh, contrato de trabajo|practicas|formacion, contrato laboral|indefinido|temporal|fijo, periodo de prueba, finiquito*, despid*, despido*, oferta de empleo|trabajo, entrevista* _ trabajo|candidat*, candidat*, curriculum*, cv, seleccion de personal, proceso de seleccion, vacante*, contratacion de personal, onboarding, convenio colectivo, horas extra*, jornada*, teletrabaj*, fichaje|fichajes|fichar, ascenso, aumento de sueldo|salario, sueldo*, salario*, salarial*, plantilla, clima laboral, evaluacion del desempeno, riesgos laborales, seguridad social, sindicato, comite de empresa, prevencion de riesgos, acoso, plan de formacion, certificado de empresa|retenciones, irpf, vacation*, payroll, payslip*, pay slip, salary, salaries, sick leave, sick day*, parental|maternity|paternity|annual leave, day off, days off, time off, pto, human resources, hr, job offer|opening|posting, new hire*, hiring, recruit*, resume for, interview* candidate*, employment contract, overtime, resignation, resign*, layoff*, performance review*, working from home, remote work, employee handbook, coworker*`,
  ],
  [
    "recursos humanos",
    1.5,
    `puente, emplead*, trabajador*, personal de, formacion, curso*, horario*, turno*, entrevista*, jubil*, ausencia*, incorporacion, incorpora, companer*, employee*, staff, interview*, training, shift*, leave request, benefits, colleague*, practicas, becari*, intern, interns, equipo humano`,
  ],
  [
    "finanzas",
    3,
    `factur*, presupuest* anual|del|de|para|trimestral, reembols*, nota de credito, plazo de pago, forma de pago, sepa, intereses, hipoteca, fianza, ticket de compra, rentabilidad, cash, debt, debts, balance de situacion, money back, payable, receivable, pagamos, pagan, pague*, pagaron, pagara*, pagada*, saldo*, cuota*, gasto*, subvencion*, abonadme, pago*, pagar, pagad*, pagos, transferencia*, impuesto*, iva, hacienda, contab*, asiento*, tesoreria, cobro*, cobrad*, impag*, deuda*, morosidad, balance*, cuenta de resultados, cierre contable|mensual|trimestral|fiscal, cierre del|de mes|trimestre|ano|ejercicio, gastos, nota de gastos, hoja de gastos, dieta*, auditori*, banco, bancari*, iban, prestamo*, credito*, financiaci*, financier*, inversion*, tarjeta de empresa|credito, flujo de caja, amortiz*, ebitda, modelo 303|347|111, agencia tributaria, aval*, abono*, recibo*, domiciliacion, anticipo*, invoice*, refund*, reimburs*, budget*, payment*, paid, paying, bank*, tax, taxes, dolar, dolares, tipo de cambio, justificante*, liquidacion de gastos, vat, accounting, accountant*, ledger, expense*, wire transfer, cash flow, loan*, audit*, balance sheet, credit card, purchase order*, billing, financ*, charged, overcharged`,
  ],
  [
    "finanzas",
    1.5,
    "presupuest*, euros, importe*, coste*, costes, caja, dinero, cargo, cuenta, vencimiento*, devengo, liquidez, margen*, beneficio*, ingresos, cost, costs, amount, money, fee, fees, account statement, profit*, revenue*, eur, usd",
  ],
  [
    "IT",
    4,
    `servidor*|web|pagina|sistema|red|plataforma|aplicacion|app _ caid*,
     la|el|nuestra|nuestro servidor*|web|pagina|sistema|red|plataforma|aplicacion|app _ caid*`,
  ],
  [
    "IT",
    3,
    `vpn, wifi, wi fi, bug, bugs, mouse, datafono*, tpv, checkout page, error 500|404, 500|404 error, dominio, dominios, certificados, centralita, telefonia, proyector, projector, compartir pantalla, monitor, keyboard, mouse, hosting, formulario, nube, version, ficheros, fichero, escaner, scanner, webcam, camara, usuario y contrasena, wordpress, plugin, bot, chatbot, automatizacion, n8n, telegram, servidor*, contrasena*, password*, ordenador*, portatil*, computadora*, impresora*, software, hardware, router, internet, conexion, base de datos, bases de datos, copia* de seguridad, backup*, login, iniciar sesion, inicio de sesion, mi usuario, usuario bloqueado, licencia* de software|office|adobe, windows, mac, linux, excel, outlook, teams, sharepoint, onedrive, zoom, slack, spam, carpeta compartida, cuenta bloqueada, pantallazo, videollamada*, codigo fuente, repositorio*, script*, driver*, auriculares, cargador, bateria, office 365, microsoft office, el office, ticket, tickets, api, pantalla*, monitor, teclado, raton, movil de empresa, cuenta de correo|usuario, buzon*, mi correo, en el correo, el correo no|electronico no, correo corporativo, antivirus, virus, malware, ransomware, phishing, hacke*, ciberataque*, ciberseguridad, brecha de seguridad, red interna|wifi|local, la red, cortafuegos, firewall, dominio, dns, certificado ssl|digital, despliegue*, desplegar, aplicacion, app, aplicaciones, erp, crm, sistema*, intranet, informatica, informatic*, soporte tecnico, navegador, chrome, doble factor, autenticacion, token, migracion*, la nube, disco duro, web _ caida, pagina _ caida, server*, computer*, laptop*, printer*, log in, log into, sign in, logging in, locked out, two factor, 2fa, mfa, database*, network, deploy*, website is|went down, site is down, screen, keyboard, my email, email account, mailbox, it support|department|team, helpdesk, help desk, system, systems, cloud, crash*, api*, endpoint*, bandwidth, firmware, cable de red, usb, docker, kubernetes`,
  ],
  [
    "IT",
    1.2,
    "licencia*, configur*, permisos, sesion, support, production, is|are|went down, memoria, tablet, movil, cable, cables, error*, fallo*, digital*, acceso*, acceder, usuario*, archivo*, carpeta*, instalar, datos, correo*, email*, pagina web, la web, web, incidencia*, reinici*, access, file, files, folder*, install*, account, technical, download*, upload*, login*, user, users, produccion, online, data, enciende, link, url",
  ],
  [
    null,
    0,
    `lista de la compra, la compra, ir de compras, comprar pan|leche, hacer la compra, office party, open office, my support, in support, in order, tercer|segundo|otro correo, acuerdo con lo, coche de empresa, por correo*, un correo*, por email, an email, by email, correo a, correo postal, memoria anual, sistema de gestion de personal, acceso al edificio, proteccion de datos, data protection, data breach, brecha de datos, fuga de datos, datos personales, personal data, datos de venta*, base de datos de clientes, error en la factura|nomina, error en mi factura|nomina, sistema de facturacion, programa de facturacion, curso de la, en curso, por cuenta, tener en cuenta, darse cuenta, en cuenta, a cuenta, cuenta con, de baja calidad, baja la, dar de baja el|la|mi|un servicio|suscripcion, cargo de, caja de carton, caja rota, tercer turno, fallo judicial, la pantalla de cine, oferta y demanda, la demanda de|del producto*, en caja, el banco de alimentos, turno de, tax free, to the network, mi cuenta, my account`,
  ],
  [
    "marketing",
    3,
    `cartel, carteles, logo, logos, post, campana*, marketing, publicidad, publicitari*, black friday, diseno de, slogan, eslogan, seguidores, mailing list, lista de correo, publico, notas de prensa, copy, creatividad*, patrocinador*, merchandising, rrss, community, presencia digital, identidad visual, tagline, viral, ctr, cpc, sorteo*, blog, posts, reel*, stories, prensa, contenidos, anuncio*, redes sociales, instagram, facebook, linkedin, tiktok, twitter, youtube, newsletter*, boletin*, seo, sem, google ads|analytics, community manager, branding, marca, logotipo*, folleto*, nota de prensa, patrocin*, evento de lanzamiento, lanzamiento*, posicionamiento, influencer*, contenido* _ redes|blog, el blog, publicacion* _ redes|instagram|linkedin, hashtag*, engagement, mailing, email marketing, landing*, banner*, mercadotecnia, estudio de mercado, imagen corporativa, campaign*, advertis*, ads, social media, brand*, press release, content calendar, blog post*, promotional, sponsor*, brochure*, flyer*, click through, open rate, tasa de apertura, seguidores, followers, video promocional, diseno grafico, creatividades`,
  ],
  [
    "marketing",
    1.5,
    "promocion*, difusion, audiencia, publico objetivo, publicar, diseno, clics, visitas, impresiones, conversion*, feria*, evento*, promotion*, audience, clicks, impressions, design, webinar*, encuesta*, survey*, video",
  ],
  [
    "ventas",
    3,
    `lead, leads, envios, el|un|mi|del|de|gastos envio, pedido*, cliente* potencial*, potencial* cliente*, una demo, demo de, vuestro|vuestra|vuestros|su producto*|software|servicio*|catalogo|plan|planes, nos interesa, oferta comercial|para|a, comercial*, venta*, vender, vendid*, vendimos, vendieron, presupuesto para _ cliente, un presupuesto, presupuesto para|por _, cotizacion*, cotizar, tarifa*, catalogo*, descuento*, prospect*, embudo, devolver, devolucion*, tienda, distribuidor*, comprar, comprad*, compra, compre, demo, demostracion, cerrar _ trato|venta|acuerdo|oferta, producto*, stock, suscripcion*, garantia*, paquete, mensajer*, seguimiento del envio, ship, ships, kit digital de venta, envio gratis, plazo de entrega, fecha de entrega, repuesto*, recambio*, cambio de talla, mercancia, mayorista*, minorista*, punto de venta, visita comercial, cartera de clientes, cliente nuevo, nuevo cliente, new client|customer, invoice for the client, restock, out of stock, agotado|agotada, disponible en, hacer un pedido, sales, order, orders, ordered, cerrado _ contrato|venta|acuerdo|cliente, closed _ deal|contract, quote*, quotation*, discount*, pricing, price list, potential customer|client, purchase*, buy, bought, shipping, shipment*, shipped, deliver*, return _ item|product, subscription*, upsell, pipeline, deal, deals, prospect*, warranty, product, products, store`,
  ],
  [
    "ventas",
    1.2,
    "customer*, clients, articulo*, color, cupon*, carrito, renovacion*, entrega*, licitacion*, transporte, portes, modelo, cliente*, oferta*, precio*, cuanto cuesta|vale|cuestan|valen, proveedor*, price, prices, how much, unidades, units, mercado, market, trimestre, objetivos, talla, lavadora, caja rota, parcel, package, item",
  ],
  [
    "legal",
    3,
    `incumplimiento*, indemnizacion*, arbitraje, expediente*, licencia de actividad, cookies, poderes, mercantil, juez, jueza, procurador*, prorroga*, arrendamiento, contrato de alquiler, casero, testamento, herencia, registro mercantil, apoderad*, politica de datos, derecho|derechos de, multa*, recurso de, alegaciones, judge, settlement, fine, fined, dispute*, jurisdiction, contrato*, clausula*, demanda*, demandar*, abogad*, rgpd, gdpr, lopd, proteccion de datos, datos personales, brecha de datos, fuga de datos, juicio*, juzgado*, tribunal*, sentencia*, juridic*, legal*, ley, leyes, normativa*, litigi*, notari*, poder notarial, patente*, propiedad intelectual, derechos de autor, confidencialidad, nda, aviso legal, terminos y condiciones, condiciones generales, politica de privacidad|cookies, consentimiento, burofax, requerimiento*, denuncia*, denunci*, sancion*, cumplimiento normativo, compliance, delegado de proteccion, aepd, derecho de|al supresion|acceso|olvido, acciones legales, licitacion*, estatutos, escritura*, fallo judicial, querella, acuerdo de confidencialidad, marca registrada, infraccion*, consent, gdpr, obligados _ ley|a, licitacion publica, contract*, clause*, lawsuit*, sue, suing, sued, attorney*, lawyer*, legal*, litigation, court, law, laws, regulat*, privacy policy, data protection, personal data, data breach, copyright*, trademark*, patent*, terms and conditions, terms of service, compliance, liabilit*, non disclosure, subpoena, power of attorney`,
  ],
  [
    "legal",
    1.2,
    "firma*, firmar, acuerdo*, obligacion*, responsabilidad*, vigencia, rescindir, rescision, sign the, agreement*, cesion, renovar el, vencimiento del, consent, breach",
  ],
];
