import { fold } from "../../text/fold.ts";
import { foldedSet, wordSet } from "../../text/words.ts";

/** Pattern source of legal forms after a company's name, as written; `phrase` has yet to be applied. */
export const LEGAL_FORM =
  "S\\. ?L\\. ?U\\.|S\\. ?A\\. ?U\\.|S\\. ?L\\. ?L\\.|S\\. ?L\\. ?P\\.|S\\. ?L\\.|S\\. ?A\\. de C\\. ?V\\.|S\\.A\\.B\\. de C\\.V\\.|S\\. de R\\.L\\. de C\\.V\\.|SA de CV|S\\. ?A\\. ?S\\.|S\\. ?A\\.|S\\. ?C\\. ?A\\.|S\\. Coop\\.|S\\. ?R\\. ?L\\.|S\\. ?C\\.|C\\. ?B\\.|SLU|SLP|SAU|SL|SA|SAS|SRL|Inc\\.?|Incorporated|Corporation|Corp\\.?|LLC|L\\.L\\.C\\.|LLP|Ltd\\.?|Limited|PLC|plc|GmbH|AG|N\\.V\\.|B\\.V\\.|S\\.p\\.A\\.|SpA|Ltda\\.?|Cía\\.|& Co\\.?";

/** First words of organisations' names. */
const HEADS = wordSet(
  "ayuntamiento diputacion ministerio gobierno consejeria conselleria universidad universitat instituto banco caja hospital clinica colegio escuela facultad academia fundacion asociacion federacion confederacion sindicato partido agencia tribunal audiencia juzgado fiscalia congreso senado parlamento junta xunta generalitat comision consejo comite camara museo biblioteca teatro club grupo editorial aseguradora seguros construcciones transportes distribuciones talleres bufete gestoria consultora cooperativa direccion delegacion registro oficina centro policia guardia cruz real tesoreria embajada consulado secretaria superintendencia corporacion compania laboratorios bodegas restaurante hotel farmacia inmobiliaria supermercados almacenes liga organizacion union defensoria contraloria alcaldia municipalidad intendencia",
);
/** These first words make an organisation only before the words given here. */
const NARROW_HEADS: Readonly<Record<string, RegExp>> = {
  direccion: /^general/u,
  guardia: /^civil/u,
  cruz: /^roja/u,
  real: /^(?:academia|madrid|sociedad|betis|zaragoza|valladolid|federacion|oviedo)/u,
  policia: /^(?:nacional|local|municipal|foral|federal)/u,
  registro: /^(?:civil|mercantil|de la propiedad)/u,
  union: /^(?:europea|general|deportiva)/u,
  centro: /^(?:nacional|superior|de|medico)/u,
  caja: /^(?:rural|laboral|de ahorros|mar)/u,
  oficina: /^(?:nacional|espanola|europea)/u,
  liga: /^(?:santander|espanola)/u,
  secretaria: /^de (?:estado|hacienda|salud|educacion|economia)/u,
  partido: /^(?:popular|socialista|comunista|nacionalista|democrata|republicano|laborista|verde)/u,
  organizacion: /^(?:mundial|de las naciones|internacional|de estados)/u,
};

/** First words of English names: «University of X», «Bank of X». */
export const ENGLISH_HEADS = wordSet(
  "university bank ministry department institute museum college federation association chamber council",
);
/** Last words of English names: «Harvard University», «Santander Bank». */
export const ENGLISH_TAILS = wordSet(
  "university bank institute museum college foundation association group corporation technologies solutions holdings partners consulting airlines hospital",
);

/** Words before a name that show it is an organisation. */
export const ORGANISATION_CUES = wordSet(
  "empresa compania firma consultora startup multinacional aerolinea constructora aseguradora operadora tecnologica farmaceutica editorial ong fundacion asociacion sindicato cadena marca banco company firm",
);

const KNOWN =
  "Acciona,Adidas,Adobe,AEAT,AENA,AEMET,Agencia Tributaria,Airbnb,Airbus,Aldi,Alibaba,Alphabet,Amadeus,Amazon,AMD,Anthropic,Apple,Atlético de Madrid,Audi,BBC,BBVA,Banco Central Europeo,Banco de España,Banco Mundial,Banco Sabadell,Bankinter,Bankia,BCE,BID,Bizum,BMW,Boeing,BOE,Cabify,CaixaBank,Carrefour,Casa Blanca,CCOO,Cepsa,CEOE,CEPAL,CIA,Cisco,Citroën,Cloudflare,CNMC,CNMV,CNN,Coca-Cola,Comisión Europea,Consejo de Europa,Congreso de los Diputados,Correos,Corte Inglés,CSIC,Cruz Roja,DGT,DHL,Disney,Dropbox,EFE,El Corte Inglés,El Mundo,El País,Endesa,ESA,Europa Press,Eurostat,Europol,Facebook,FBI,FC Barcelona,Ferrovial,FMI,Fondo Monetario Internacional,GitHub,Glovo,Google,Greenpeace,Guardia Civil,Hewlett-Packard,Honda,HSBC,Huawei,Hyundai,Iberdrola,Iberia,IBM,IKEA,IMSS,Inditex,INE,INEM,INSS,Instagram,Intel,Interpol,Kutxabank,La Vanguardia,Lidl,LinkedIn,Lufthansa,Mapfre,Mastercard,McDonald's,Mediaset,Mercadona,Mercedes-Benz,Microsoft,Movistar,NASA,Naturgy,Netflix,NATO,Neon,Nestlé,Nike,Nissan,Nokia,Nvidia,NVIDIA,OCDE,OEA,OMC,OMS,ONCE,ONU,OpenAI,Oracle,OTAN,Parlamento Europeo,Pemex,Pepsi,Petrobras,Peugeot,Pfizer,Podemos,Policía Nacional,PNV,PSOE,RAE,Real Academia Española,Real Madrid,Renault,RENFE,Renfe,Repsol,Reuters,RTVE,Ryanair,Samsung,Seat,SEPE,Seguridad Social,Servicio Público de Empleo Estatal,Siemens,Sony,Spotify,Stripe,Telefónica,Telegram,Tesla,TikTok,Toyota,Tribunal Constitucional,Tribunal Supremo,Twitter,Uber,UGT,Unesco,UNESCO,Unicef,UNICEF,UNED,Unión Europea,European Union,European Commission,European Central Bank,United Nations,Naciones Unidas,Visa,Vodafone,Volkswagen,Volvo,Vueling,Walmart,WhatsApp,Wikipedia,World Bank,World Health Organization,Xiaomi,YouTube,Zara,Cámara de Comercio,Hacienda,Médicos Sin Fronteras,Bloomberg,Goldman Sachs,JPMorgan,Deloitte,KPMG,PwC,Accenture,Indra,Cellnex,Grifols,Mercado Libre,Rappi,Bimbo,Cemex,Avianca,LATAM,Aeroméxico,Ecopetrol,Codelco,YPF,Salesforce,SAP,Slack,Zoom,Notion,HubSpot,Shopify,PayPal,Trello";

/** Known names that are also words. They count only in exactly this spelling, and not at the start of a sentence. */
const WORD_LIKE = foldedSet(
  "Apple,Amazon,Correos,Podemos,Visa,Oracle,Iberia,Neon,Hacienda,Seat,ONCE,Indra,Zoom,Slack,Notion,Stripe,Telegram,Casa Blanca,El Mundo,El País,Intel,INE,Bimbo,Nike,Cruz Roja,Tesla,ESA,SAP,RAE",
  ",",
);
const KNOWN_NAMES = new Map(KNOWN.split(",").map((name) => [fold(name), name]));
export const MAX_KNOWN_WORDS = 5;

export function isOrganisationHead(word: string, rest: string): boolean {
  return HEADS.has(word) && (NARROW_HEADS[word]?.test(rest) ?? true);
}

/** The usual spelling of a known organisation, by its folded name with single spaces. */
export function knownOrganisation(folded: string): string | undefined {
  return KNOWN_NAMES.get(folded);
}

export function isWordLikeOrganisation(folded: string): boolean {
  return WORD_LIKE.has(folded);
}
