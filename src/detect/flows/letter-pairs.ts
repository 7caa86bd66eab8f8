/**
 * How much a label reads like words that people make up, as the mean base-2 logarithm of the chance of each letter after
 * the one before: about −4 for names of sites, −6.5 for letters drawn at random. Learned when the program
 * begins, from a list of words of its own. Hyphens count as the ends of words, digits as one symbol
 * that says more each time than a letter does.
 */
export function wordLikeness(label: string): number {
  let sum = 0;
  let before = edge;
  for (let at = 0; at < label.length; at++) {
    const symbol = symbolAt(label, at);
    sum += table[before * symbols + symbol] ?? 0;
    before = symbol;
  }
  return (sum + (table[before * symbols + edge] ?? 0)) / (label.length + 1);
}

/** From this many letters on a label says enough about itself. */
export const leastJudged = 7;

/** Whether a label looks drawn at random: not for labels under `leastJudged`. */
export function looksGenerated(label: string): boolean {
  return label.length >= leastJudged && wordLikeness(label) < generatedBelow;
}

/** Bits that a text carries, were its letters drawn by how often they occur in it (Shannon). */
export function bitsOf(text: string): number {
  counts.fill(0);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at) & 127;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= count * Math.log2(count / text.length);
  return bits;
}

const counts = new Uint16Array(128);

/** Nearly all names that people made up lie above, nearly all that were drawn below: see the test. */
const generatedBelow = -5.2;

const letters = 26;
const digit = letters;
const edge = letters + 1;
const symbols = letters + 2;

function symbolAt(text: string, at: number): number {
  const code = text.charCodeAt(at) | 0x20;
  if (code >= 97 && code <= 122) return code - 97;
  const plain = text.charCodeAt(at);
  return plain >= 48 && plain <= 57 ? digit : edge;
}

// Written for this purpose: everyday words, and pieces that names of sites are made of, of several languages.
const words = `
about above account action active address advice africa after again agency agent alarm album alert alpha always amber
american analytics android angel animal annual answer apple archive area arrow article artist asia asset atlas audio
australia auto award baby back bank barcelona base basket beach beauty berlin best beta better bicycle bird black blog
blue board body bonus book border bottle boutique brand bread bridge bright brother browser budget build business butter
button cable calendar camera campus canada candle capital card career castle casino catalog center central chain change
channel charity cheap check cherry chicken child china choice christmas church cinema circle city classic clean click
client clinic clock cloud club coast code coffee collect college colour comfort common community company compare concert
connect content control cookie cool corner cosmetic council country course cover craft cream creative credit crystal
culture custom daily dance data dealer deep delivery dental design desktop detail device dialog digital dinner direct
discover doctor document dollar domain double download dragon dream dress drive driver early earth east easy editor
education electric element email energy engine english enjoy enter equal estate europe event every exchange expert
express fabric factory family fantasy farm fashion fast father festival field file film finance finder fire first fish
fitness flash flight flower focus food football force forest forum forward foto france free fresh friend frontier fruit
future galaxy gallery game garden gate general german gift girl glass global gold good google grand graphic green ground
group guard guest guide hair hand happy hardware harmony health heart heaven help heritage hidden holiday home honey
hospital host hotel house human hunter idea image impact import index industry info inside insurance inter internet
invest island italia item jewel join journal journey juice junior keeper kernel keyboard kinder king kitchen knowledge
label language laser launch leader league learn leather legal lemon letter level library life light line link lion list
little live local logic london love lucky lunch machine magazine magic mail manager map marine market master match media
medical member memory menu message metal metro micro middle milk mind mirror mobile model modern moment money monitor
monster month moon morning mother motion motor mountain movie multi museum music mystic natural navigator network news
night north note number object ocean office online open orange order organic original outdoor output oxford packet page
paint palace panda panel paper paradise parent paris park partner party passion patient pattern peace people perfect
person photo picture pilot pink pixel place planet plant plastic platform play plaza pocket point police policy portal
poster power premium present press price prime print private product profile project protect proxy public publish pulse
purple quality queen quest quick radio rainbow random rapid reader ready real record recipe region register release
remote rental report rescue research reserve resource restaurant result retail review reward river road robot rock room
rose route royal russia safety sample satellite save scan school science score screen search season secret secure select
senior sensor series server service session seven shadow share shelter shield ship shoe shop short show signal silver
simple single sister site sky sleep small smart smile snow social soft solar solution sound source south space special
speed spirit sport spring square staff stage standard star start state static station status stock stone storage store
storm story stream street strong student studio style success sugar summer sunny super supply support surf sweet swiss
switch system table tablet talent target team tech telecom temple tennis terra test text theater theory thunder ticket
tiger time tire today token tool total touch tour tower town track trade traffic train transfer travel tree trend tribe
trip true trust turbo tutor twin union unique unity universal update urban user vacation valley value vector vegas
venture victory video view village vintage virtual vision visit vital voice wagon wallet warehouse watch water wealth
weather web wedding week welcome west wheel white wide wild wind window wine winter wire wireless wise wizard woman
wonder wood word work world writer yellow young youth zero zone
abend allee apotheke arbeit auto bahn bau bayern blume boden brot buch burg dorf fahrt feuer fluss frau freund garten
geld gesund gross grund haus heim herz holz jahr kauf kirche klein koch kraft kreis kunst land leben licht markt meer
mensch mit mode nacht natur neu platz recht reise ring sache schloss schule schutz see stadt stein stern strasse tag
technik tier verein verlag versicherung wald wasser weg wein welt werk wetter wirtschaft wohnung zeit zeitung
agua amigo amor arte avenir azul banco bella bien blanc bonne bueno calle campo carta casa centro chien ciudad conseil
corps cuisine deporte dia dieu ecole enfant equipe espace esprit famille femme ferme fiesta finca forme futuro gente
gusto hermano histoire hogar homme isla jardin jeune joie jour jugar libre ligne linea livre luna lumiere madera maison
mar marche mercado mesa minuto monde montagne mujer mundo naranja noche nuevo obra oiseau pays piedra plage pueblo porte
propre puerta question rapide regalo repas rosa rouge rural salud sante seguro senda soleil tarde temps tienda tierra
trabajo travail vente verde viaje vida vie ville vino voiture voyage
com net org www mail cdn api img app dev git hub tube face book wiki pedia over flow mega giga tera nano neo pro
`;

/** Base-2 logarithms of chances, with a little of the ways that no word has. */
const table = learned(words);

function learned(list: string): Float32Array {
  const seen = new Float64Array(symbols * symbols).fill(0.15);
  for (const word of list.split(/\s+/).filter(one => one !== '')) {
    let before = edge;
    for (let at = 0; at <= word.length; at++) {
      const symbol = at < word.length ? symbolAt(word, at) : edge;
      seen[before * symbols + symbol] = (seen[before * symbols + symbol] ?? 0) + 1;
      before = symbol;
    }
  }
  addDigits(seen);
  const chances = new Float32Array(symbols * symbols);
  for (let before = 0; before < symbols; before++) {
    const row = seen.subarray(before * symbols, (before + 1) * symbols);
    const sum = row.reduce((total, count) => total + count, 0);
    for (const [symbol, count] of row.entries()) chances[before * symbols + symbol] = Math.log2(count / sum);
    // Which of the ten it is.
    chances[before * symbols + digit] = (chances[before * symbols + digit] ?? 0) - Math.log2(10);
  }
  return chances;
}

/** Numbers stand at the end of words mostly; where they mix with letters something was encoded. */
function addDigits(seen: Float64Array): void {
  const rowOf = (symbol: number) =>
    seen.subarray(symbol * symbols, (symbol + 1) * symbols).reduce((total, count) => total + count, 0);
  for (let letter = 0; letter < letters; letter++) {
    seen[letter * symbols + digit] = rowOf(letter) * 0.02;
    seen[digit * symbols + letter] = 0.6;
  }
  seen[edge * symbols + digit] = rowOf(edge) * 0.04;
  seen[digit * symbols + digit] = 20;
  seen[digit * symbols + edge] = 20;
}
