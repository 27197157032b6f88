import { TITLE_ABBREVIATIONS } from "../../text/abbreviations.ts";
import { foldedSet, wordSet } from "../../text/words.ts";

const GIVEN_NAMES =
  "Mª Cristiano Paqui Aarón Abel Abigail Abraham Ada Adela Adelaida Adolfo Adrià Adrián Adriana Agustín Agustina Ainara Ainhoa Aitana Aitor Alan Alberto Alejandra Alejandro Alexander Alexandra Alexia Alexis Alfonso Alfredo Alice Alicia Alison Almudena Álvaro Amalia Amanda Amaya Amelia Amparo Amy Ana Anabel Anaïs Andrea Andreu Andrés Andrew Ángela Ángeles Àngels Anna Anne Anthony Antoni Antonia Antonio Araceli Aránzazu Ariadna Ariana Arnau Arturo Asier Aurelio Aurora Azucena Bárbara Beatriz Begoña Belén Benita Benito Benjamín Berta Bernardo Blas Borja Brenda Brian Bruno Camila Camilo Carla Carles Carlos Carlota Carme Carmen Carmelo Carolina Caroline Catalina Catherine Cayetana Cayetano Cecilia Celia César Charles Charlotte Christian Christina Christopher Claudia Claudio Cristian Cristina Cristóbal Damián Daniel Daniela David Deborah Débora Dennis Diana Diego Dolores Donald Dorothy Edgar Edison Eduardo Edward Edurne Efraín Elena Eleonora Elías Elisa Elizabeth Eloísa Elsa Elvira Emilia Emiliano Emilio Emily Emma Encarnación Enric Enrique Eric Erika Ernest Ernesto Esteban Ester Esther Estefanía Eugenia Eugenio Eulalia Eva Evelyn Fabián Fabiola Federico Felipe Félix Fermín Fernanda Fernando Fidel Francesc Francisca Francisco Frank Gabriel Gabriela Gael Gary Gemma Genoveva George Gerardo Gerard Germán Gilberto Gisela Gloria Gonzalo Gorka Gregorio Guillermo Gustavo Hannah Héctor Helen Helena Henry Hernán Hilda Horacio Hugo Humberto Ian Idoia Ignacio Igor Iker Inés Íñigo Irene Iris Irma Isaac Isabel Isabella Ismael Itziar Iván Ivonne Izaskun Jacinto Jacob Jacobo Jacqueline Jaime James Jane Jaume Javier Jeffrey Jennifer Jeremy Jerónimo Jessica Jesús Jimena Joan Joana Joaquín John Jon Jonás Jonathan Jordi Jorge Josep José Josefa Josefina Joseph Josué Juan Juana Julen Julia Julián Juliana Julieta Juliette Julio Justin Karen Karina Karla Katherine Kathleen Keila Kelly Kenneth Kepa Kevin Kimberly Lara Larry Laura Lauren Leandro Leire Leo Leonardo Leonor Leticia Lidia Lilian Liliana Linda Lisa Lola Lorena Lorenzo Lourdes Lucas Lucía Luciana Luciano Lucy Luis Luisa Luz Macarena Magdalena Maite Manolo Manuel Manuela Mar Marc Marcela Marcelo Marcos Margaret Margarita María Mariana Mariano Maribel Marie Marina Mario Marisa Marisol Mark Marta Martha Martín Martina Mary Mateo Matilde Matías Matthew Mauricio Maximiliano Melissa Mercedes Mercè Meritxell Michael Michelle Miguel Mikel Milagros Miranda Míriam Mireia Modesto Mohamed Mohammed Mónica Montserrat Montse Nadia Nancy Natalia Nathan Néstor Nerea Nicolás Nicole Nieves Noa Noelia Noemí Nora Norma Nuria Núria Octavio Olga Oliver Olivia Oriol Óscar Pablo Paloma Pamela Paola Patricia Patrick Patricio Patrik Paul Paula Paulina Pedro Pepe Peter Pilar Purificación Quique Rachel Rafael Rafaela Ramiro Ramón Raquel Raúl Rebeca Rebecca Regina Remedios Renata Renato René Reyes Ricardo Richard Robert Roberto Rocío Rodolfo Rodrigo Rogelio Roger Román Ronald Rosa Rosalía Rosana Rosario Roser Rubén Ruth Ryan Salomé Salvador Samantha Samuel Sandra Santiago Sara Sarah Saúl Scott Sebastián Sergi Sergio Sharon Silvia Simón Simona Sofía Soledad Sonia Sophie Stephanie Stephen Steven Susan Susana Tamara Tania Tatiana Teodoro Teresa Thomas Tim Timothy Tomás Toni Trinidad Unai Valentina Valentín Vanesa Vanessa Verónica Vicente Vicenta Víctor Victoria Viviana Walter Wendy William Xabier Xavier Xavi Ximena Yago Yaiza Yasmin Yolanda Zaida Zoe Elon Bill Angela Emmanuel Giorgia Vladimir Volodímir Ursula Úrsula Barack Joe Jack Steve Jeff Satya Sundar Greta Lionel Rafa Nacho Paco Pepa Chema Goyo Lupe Guadalupe Ludwig Johann Hans Hillary Nicole Gavin Graham Simon Rosalind Alba Blanca Clara Consuelo Esperanza Estrella Ángel Cruz Domingo Rose Will Max Victor Grace Hope";

/** Given names that are also words, surnames or places. They name a person only before a surname. */
const DOUBTFUL_GIVEN_NAMES =
  "Alba Ángel Ángeles Amparo Aurora Belén Blanca Blas Clara Concepción Consuelo Cruz Domingo Dolores Encarnación Esperanza Estrella Gloria Grace Guadalupe Hope Iris Jesús Julio Linda Leo Lourdes Luz Mar Mark Max Mercedes Milagros Miranda Modesto Montserrat Nieves Norma Paloma Pilar Purificación Regina Remedios Reyes Rocío Román Rosa Rosario Rose Salvador Santiago Soledad Sofía Trinidad Victoria Victor Will Bill Jack Frank Jordan Ada Florencia Lola";

const SURNAMES =
  "Abad Acosta Aguado Aguilar Aguilera Aguirre Agudo Alarcón Alcaraz Alonso Álvarez Andrade Antón Aparicio Aragón Arias Arroyo Ávila Ayala Ballesteros Barbero Barrera Barrios Bautista Benítez Bermúdez Bernal Bianchi Blanco Blasco Bravo Brown Bueno Caballero Cabrera Calderón Calvo Campos Cano Carmona Carrasco Carrillo Casado Castaño Castillo Castro Cervantes Clark Colomer Contreras Cook Correa Cortés Cortez Costa Crespo Cruz Cuesta Davies Davis Delgado Díaz Diez Domínguez Durán Echeverría Escobar Escudero Espinosa Espinoza Esteban Esteve Etxeberria Evans Fernández Ferrer Figueroa Flores Font Franco Fuente Fuentes Gallardo Gallego García Garrido Gasset Gil Giménez Gómez González Grau Guerra Guerrero Guijarro Gutiérrez Guzmán Hall Heredia Hernández Hernando Herrera Herrero Hidalgo Hurtado Ibáñez Iglesias Iturbe Izquierdo Jackson Jiménez Johnson Jones Juárez Lara Lázaro León Lewis Llopis López Lorenzo Lozano Luna Macías Maldonado Manzano Marín Márquez Martí Martín Martínez Martos Mas Mateos Medina Mejía Méndez Mendoza Menéndez Merino Miller Miranda Molina Montero Montes Moore Mora Moral Morales Moreno Moya Muñoz Musk Navarro Nieto Núñez Obama Ochoa Ojeda Oliva Ordóñez Orozco Ortega Ortiz Osorio Pacheco Palacios Palomo Paredes Pardo Parra Pascual Pastor Patel Peña Peralta Pereira Pérez Pineda Pinto Plaza Ponce Pons Prieto Puig Quintana Quintero Ramírez Ramos Redondo Reina Reyes Ribas Ríos Rivas Rivera Robinson Robles Roca Roca Rodrigo Rodríguez Rojas Román Romero Rosales Rossi Rovira Rubio Ruiz Sáez Sáinz Salas Salazar Salgado Salinas Salvador Sánchez Sancho Santana Santiago Santos Sanz Segura Serra Serrano Silva Simón Smith Soler Solís Soria Soriano Sosa Soto Suárez Taylor Tejada Toledo Tomás Torres Trujillo Urrutia Valdés Valencia Valenzuela Valero Vallejo Valverde Vargas Vázquez Vásquez Vega Velasco Velázquez Vera Vicente Vidal Vila Villa Villalba Villanueva Villar Walker White Wilson Williams Wright Ybarra Zamora Zapata Zapatero Zurita Young Cajal Etxebarria Goikoetxea Garay";

/** Forms of address before a name. */
export const TITLES = wordSet(
  `${TITLE_ABBREVIATIONS} dres da dna don dona miss sir profesor profesora doctor doctora senor senora senorita licenciado licenciada ingeniero ingeniera fray sor padre dª`,
);

/** Jobs and relations before a name. */
export const ROLES = wordSet(
  "director directora presidente presidenta vicepresidente vicepresidenta secretario secretaria ministro ministra exministro exministra expresidente expresidenta alcalde alcaldesa concejal concejala consejero consejera delegado delegada diputado diputada senador senadora portavoz lider jefe jefa gerente coordinador coordinadora responsable empresario empresaria fundador fundadora cofundador cofundadora abogado abogada juez jueza magistrado magistrada fiscal notario notaria periodista escritor escritora autor autora poeta actor actriz cantante pianista pintor pintora arquitecto arquitecta medico medica enfermero enfermera investigador investigadora cientifico cientifica economista catedratico catedratica maestro maestra entrenador entrenadora futbolista tenista jugador jugadora ciclista piloto rey reina principe princesa infanta papa obispo arzobispo cardenal companero companera colega amigo amiga hermano hermana hijo hija marido mujer esposo esposa primo prima tio tia cliente clienta proveedor tecnico tecnica comercial administrador administradora asesor asesora consultor consultora analista becario becaria candidato candidata aspirante paciente alumno alumna trabajador trabajadora empleado empleada socio socia agente comisario inspector inspectora general coronel capitan sargento ceo cto cfo coo president minister chairman chairwoman manager spokesperson spokesman spokeswoman senator governor mayor judge lawyer engineer founder cofounder writer author singer actress coach captain professor teacher colleague friend brother sister husband wife king queen prince princess",
);

/** Words right before a name that show it is a person: verbs of speech and greetings. */
export const SPEECH_BEFORE = wordSet(
  "dijo dice afirmo afirma aseguro asegura explico explica declaro declara senalo senala indico indica comento comenta anadio anade apunto apunta subrayo subraya sostuvo sostiene reconocio reconoce anuncio insistio advirtio advierte pregunto respondio contesto escribio escribe firmo firmado firmada conto recordo opino opina lamento concluyo said says told wrote asked replied added explained by atentamente saludos abrazo estimado estimada querido querida hola dear hi hello regards sincerely gracias llamo llama",
);

/** Verbs right after a name whose subject is mostly a person. */
export const SPEECH_AFTER = wordSet(
  "dijo dice afirmo afirma aseguro asegura explico explica declaro declara senalo comento anadio subrayo sostuvo sostiene reconocio anuncio insistio advirtio pregunto respondio contesto escribio firmo conto recordo opina opino nacio murio fallecio trabaja vive dimitio said says told wrote asked replied explained works lives joined born",
);

const GIVEN = foldedSet(GIVEN_NAMES, " ");
const DOUBTFUL = foldedSet(DOUBTFUL_GIVEN_NAMES, " ");
const SURNAME = foldedSet(SURNAMES, " ");

export function isGivenName(folded: string): boolean {
  return GIVEN.has(folded);
}

export function isDoubtfulGivenName(folded: string): boolean {
  return DOUBTFUL.has(folded);
}

const NOT_SURNAMES = foldedSet(
  "juez vejez diez niñez validez rapidez nitidez acidez calidez estupidez escasez sencillez timidez lucidez jerez aranjuez suez",
  " ",
);

/** A known surname, or a patronymic by its ending. */
export function isSurname(folded: string): boolean {
  return SURNAME.has(folded) || (/^\p{L}{2,12}ez$/u.test(folded) && !NOT_SURNAMES.has(folded));
}
