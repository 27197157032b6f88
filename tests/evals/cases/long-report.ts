/** About six thousand characters. */
export const LONG_REPORT = `Informe de seguimiento del proyecto «Ribera Limpia», segundo semestre

1. Presentación

La asociación Amigos del Alhóndiga nació en 2011 con siete socios y una furgoneta prestada. Hoy somos 420 socios y tenemos una sede pequeña, pero con calefacción. Este informe cuenta lo que se ha hecho entre julio y diciembre. Está escrito para los socios, para el ayuntamiento de Torreluenga y para la fundación que paga la mitad del proyecto. Damos las gracias a todas las personas que han venido a las jornadas, también a las que solo pudieron venir un sábado.

2. De dónde veníamos

El río Alhóndiga atraviesa Torreluenga de norte a sur durante once kilómetros. En los años ochenta se canalizaron cuatro de ellos con hormigón para evitar las crecidas. El resto conserva su cauce, aunque está lleno de cañas que no son de aquí. La caña ahoga a los sauces y a los fresnos y se quema con facilidad. En el verano de 2024 un incendio corrió por el cañaveral y llegó a doscientos metros de las casas. Aquel susto explica buena parte del apoyo que tenemos ahora.

El proyecto empezó en enero con tres objetivos. El primero era quitar la caña de cinco kilómetros de orilla. El segundo era plantar 6.000 árboles y arbustos de ribera. El tercero era medir la calidad del agua una vez al mes en seis puntos.

3. La caña

Durante el semestre se retiró la caña de 3,2 kilómetros de orilla, que sumados a los 0,9 del primer semestre hacen 4,1 de los cinco previstos. Se trabajó con dos técnicas. La primera consiste en arrancar la raíz con una máquina pequeña. La segunda consiste en cortar la caña y cubrirla con una lona negra durante un año y medio. La máquina es más rápida, pero remueve la orilla y no entra en todas partes. La lona es lenta y fea, y algunos vecinos se han quejado de ella. Lo importante es que donde se usó la lona ha rebrotado menos del 5 % de la caña, mientras que donde se usó la máquina ha rebrotado un 38 %. Por tanto, proponemos terminar el tramo que falta solo con lona, aunque se tarde más.

Los vecinos de la calle Molinos preguntaron si la lona ensucia el agua. Se consultó a la universidad, que analizó un trozo después del verano y no encontró nada preocupante. Aun así, la próxima lona será de fibra de cáñamo, que se deshace sola y no hay que retirar. Cuesta un 12 % más por metro. También se probó a meter cabras en un tramo corto, con más entusiasmo que fortuna, porque se comieron los sauces y dejaron la caña.

La caña cortada fue un problema que nadie había previsto. Se acumularon 140 toneladas en el aparcamiento del campo de fútbol. El club protestó con razón. Al final una empresa de Castrobermejo se la llevó para hacer compost sin cobrarnos nada.

4. Los árboles

Se plantaron 2.750 sauces, fresnos, tamujos y majuelos en octubre y en noviembre. Participaron 310 voluntarios, entre ellos los alumnos de los dos institutos. El vivero sirvió las plantas con dos semanas de retraso. En diciembre se revisaron una a una. Ha sobrevivido el 81 %, algo menos del 85 % que exige la fundación. Casi todas las plantas perdidas estaban en el mismo tramo, el del molino, donde las ovejas entran a beber. La solución es cerrar el tramo del molino con una valla y abrir un abrevadero un poco más arriba. El pastor, Eladio Cifuentes, está de acuerdo y pondrá los postes. La valla y el abrevadero cuestan 3.600 €, que no estaban en el presupuesto.

Los alumnos han apadrinado doscientos árboles y les han puesto nombre. Hay un fresno que se llama como la directora del instituto, que lo sabe y lo riega. En primavera se hará un plano con todos ellos para que cada familia encuentre el suyo. Si alguien quiere apadrinar uno, puede escribir a arboles@alhondiga.example hasta el 15 de marzo.

5. El agua

Se tomaron muestras los seis meses en los seis puntos. En cinco de ellos el agua es buena o aceptable. En el punto 4, debajo del polígono industrial, los nitratos triplican el límite desde septiembre. Las muestras se repitieron en otro laboratorio con el mismo resultado. Creemos que la causa es un colector roto, porque el problema empezó después de las obras de la calle Tenerías. Se avisó al ayuntamiento el 9 de octubre y otra vez el 20 de noviembre, y todavía no ha contestado. Mientras tanto hemos puesto carteles para que nadie se bañe ni deje beber a los perros.

6. El dinero

El presupuesto del año era de 96.000 €. Se han gastado 91.250 €. La fundación ha pagado su parte puntualmente. El ayuntamiento debe aún 18.000 € de la suya, y sin ese dinero no se puede pagar la lona del tramo que falta. Las cuotas de los socios han cubierto el seguro y la gasolina. La rifa de Navidad dejó 1.340 €, más que nunca.

La gestora revisó las cuentas en diciembre y las encontró en orden. Solo pidió que las facturas de gasolina lleven escrito el viaje, porque tres no lo llevaban. Las cuentas completas están en la sede, en una carpeta azul, y cualquier socio puede verlas los martes por la tarde.

7. Lo que viene

En enero se pedirá a la fundación una prórroga de seis meses para acabar los 0,9 kilómetros de caña que faltan. En febrero se cerrará el tramo del molino y se repondrán las plantas perdidas. Pedimos al ayuntamiento dos cosas: que pague los 18.000 € antes de marzo y que revise el colector de la calle Tenerías con urgencia. A los socios les pedimos que vengan a la asamblea del 24 de enero, porque habrá que votar de dónde salen los 3.600 € de la valla. Habrá chocolate caliente, como siempre.

8. Agradecimientos

Gracias a la panadería Hornillos por los bocadillos de todas las jornadas. Gracias al parque de bomberos por el curso sobre el fuego en las orillas. Gracias a Mariví Serrano, que ha hecho todas las fotos de este informe y que se cayó dos veces al agua para conseguirlas. Y gracias al río, que este otoño nos dejó ver una nutria por primera vez en treinta años.`;
