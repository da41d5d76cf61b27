"""Ordinary English words.

Whoever types one of them meant it, so it is nobody's misspelt name and no misspelt verb. The list
holds the frequent words, and the rarer ones that are one slip away from a word of the lexicon.
"""

_TEXT = """
abide ability aboard about above absolutely accent accept accepts access according account
accounts acres across acting action actions active activities activity actual actually added
addition additional address administration administrator administrators admit adult advanced
advances advantage advice advised adviser advises africa african after afterward again against
agency agent agree agreed agreement agrees ahead ahmad aimed aiming airport alarms albert album
alert alerts algorithms alice alike alive allow allowed almost alone along aloud already altar
alter alternatives although always amazing america american americans among amount amounts
analyse analysed analyses analysis analyst analysts analyze analyzed animal animals announce
announced announcer announces annual another answer answers anymore anyone anything anyway
anyways apart apparently appear appeared appears application applications apply appreciate
appreciated appreciates approach approval approve approved approves april areas arise around
arranged arrived article artifact artifacts artist ashes asked asking asleep assistants
associated association assumed assumes assure attach attack attacked attacks attempt attention
auction auctions audio august augusta australia australian author authorised authority
authorization authorize authorized available average avery avoid avoids awaiting award aware
awesome awhile background backup baked baking bands banging bangs banking banks barking barry
based basel bases basic basis batch bates batter battle beach beads beans beard beast beautiful
beaver became because become becomes becoming before began begin beginning begins begun behind
being beings believe believed believer believes bells below bench bender bending benefit
benefits better betting between beyond biased biggest billed billing billion birth birthdays
bitcoins bitter black blacks bland bleak blending block blocks blogging bloke blood blush board
boards boeing booking books border boring bother bothers bottom bottoms bought bounced bound
boyfriends brain brake braking brand brands brandy bread break breaks breeding breeze brick
bridge bright bring brings brink british brock broke broken broker brooke brother brought brown
brunch buckets bucks budget build building builds built bunch bunny burned burns business butter
cable cables cages cakes calculated california called caller calling calls camera campaign
canada cancer cannon cannot capita capital capitals capitol captain cards cared career cares
carey carrie carried carrier carriers carry carts cases casey caste casts catch cater caught
cause caused causes caves cease cells center central centre cents century certain certainly
certificate certificates chairman challenge chance chances change changed changer changes
changing channel character characters charge charged charges charles cheap cheats check checks
cheek cheeks cheer chefs chest chicago chick chicks chief child children chile china chinese
choice choose chooses chose chris christian christmas chuck church circuits circumstance cities
civil claim claims clans clash clashes class classes clause clauses clean clear clearly clears
click clive cloak clock clocks clone clones close closed closer closes closet closing clouds
cloudy clown cluster clusters coach coarse coast coats codes coding coffee colder colleague
collection collects college color colts comes coming command commands commenced comment comments
commerce commercial commission commit commits committee common community commuter companies
company compared compares compete competition compiled complete completed completely completes
complex components composed composer compute computer computers concept condition conditions
conducts conference configuration configurations confirms conform congress connection
connections consider considered considers consoles construction contact contain contained
container containers contend content continent continue continued continues contract control
controls convent cooking copied coping cores corner correct corrections costa costly costs couch
could council count countries country counts county couple coupled couples course courses court
courts cover covered covers covert coward cowboys crack crane crash crashed crashes crate crazy
create created creates credentials credit crews crime critical cross crown crush crushed
crushing crust culture cunning current currently currents curry curse customer customers cycles
daily dairy daisy damage dance dangerous daring database databases dates daughter david death
debut decade decades decay deceived december decent decide decided decides decision decker
decreased decreases deeds defeats defect defending defends defense defined defines definitely
degree delays deleted deliver delivers delivery demand dense department depend dependence deploy
deployment deprived derive derives described describes deserve design designed despise despite
destroys details deter determine determined determines developed developers development
developmental developments develops devices diagnosed diagnostic difference differences
different difficult digital diner dinner dinners direct direction directly director disable
disabled discord discusses disease dishes displays disposed distance district dive diving
division doctor doctors documents doing dollars dolls domains donna doping double doubled
doubles doubt dover downloads downward dozens drain drains drank drawn dream dressing drink
dripping drive driving drought drunk drying during dutch dying earlier early earth easily easter
eastern eater eating economic economy editing edition edits education effect effective effects
effort eight eighth eighty either elder elect election elections electron eliminated elite
emails emerge emergence employees enabled enables ended ending energy engine engineering engines
england english enjoy enough ensure enter entire environment environments episode equality
equipment erased error errors especially essays established estate estates esther ether europe
european evening evenings event events eventually every everybody everyone everything evidence
evidenced exactly examined examiner examines example examples except exceptions excerpt exchange
exciting exclude excluded executed executions executive exercised exercises exist existing
exists expands expect expected experience expert explain explains exploits exports exposed
exposes extends extent extra extras extremely facebook faction factions faculty failed failing
failure failures faint fairs faith faking falling falls famed families family famous fares
farmer farther fashion faster father fault faults faulty favor favorite favorites favors favour
favourite favourites feast feather feature featured features february federal feeds feeling
feels female fender fetal fever fiddle field fifth fight fighting figure figured figures filed
filing filled filling fills films filter final finally financial finding fines finish finished
fires first fishes five fixes flash flats flavor flavour flaws flesh flies flight flights
flipping flock floor flower flowers focus folder folding folds follow followed follower
following follows football force forced forces forecasts foreign forge forged forget forgets
forgot forks formal formats formed former forming forth forward forwards fought found foundation
fourth france frank freak freaking freaks freedom freeing freezer french fresh friday fridays
fried friend friends front fronted fronting frosted froze fuller fully function functions funnel
funny furry further future futures games gaming gangs garage garments gases gather gender
general generally generation gently george german germany getting giant giles girlfriends girls
give given gives giving glass global gloss goals going gonna google gordon gorge gotta gould
government grade graduated graduates graft grail grain grand grants grass gravel great greater
greatest greed greek green greene greens greet greeting groove ground group groups growing
growth guard guards guess guest guests guild guilt hacking hacks hague hailed halves handing
handle hands handy hanged hangs hanna happen happened happening happens happy harry hatch hates
having heads health healthy heard hearing hears heart heath heather heavy height helped helping
herbs herself higher highest highly himself history hitch hive holder holding holdings holds
holes holidays holmes homes hoops hopes hopping hospital hostel hosts hotel hotels hound hours
house howard however human humane humans humor humour hundreds husband hyped ideas ignore
ignored ignores image images imagine imagined imaging immediately impact imply important imports
impossible improve incidents include included includes including income increase increased
increases indeed independent indexed indexes india indian individual individuals industry
infinite infinity influence information initiated inner insect inside insider insist instance
instances instead institute instruction instructions insurance insure intends intent interest
interested interesting international internet interview investigated investigations investment
invited invites involved island isles issue issued issues items itself jacks jailed james
january japan japanese jeans jive joint joker jones jorge judge jules junction justice keeping
keystone killed killing kindle knight knocks knots knowledge known knows label labels lacking
lacks lakes laments lands lanes language laptops large larger largest larry laser lasted later
latest latex latter launch layer leader leaders leading leads league leaning learn learned
learning lease leased leases leash leasing least leather leave leaves leaving ledge leeds legal
lender lending lester letter letters letting level levels lever library lice life lifted lifting
light lighting lightly like likely likes lime limit limited limits line lined linen liner liners
lines lining linking links lire lise listen listing lite liter literally litter little lived
lively liver lives living local located location locked locker locking lodge lodging logan
logging logic login london longer longing looked looking looks loose looting lords loser losers
losing louis love loved lover lovers loving lower lumber lunch lying lynch machine machines
macro mailed mailing mails major majority maker makers makes making males malone manage managed
management manager managers manages manifest manifesto manuel march market marketing marriage
married marry marty masked massage master masters mastery match mater material materials mates
matte matter matters maybe mclean meals meaning meanings means meant measured measures meats
medal media medical medicines meeting meetings melting member members memory mental mention
mentioned mentions menus merged merger merry message messages metal metals method metric michael
micro middle might mighty migration miles military miller million millions minds mines minister
minute minutes missed missing mission mistaken mistakes mister mitch moaning mobile model modern
modes modules moment moments momma monday money monte month months monty morning mornings mostly
motel mother mould mound mount mounts mourning mouth moved movement movements moves movie movies
moving muddy multiple music muster myself nailed nails naive named names nation national nations
native natural nature nearly necessary needed needs needy negative negatives neither nerve
nesting nests network networks never newer niece night nights nobody normal north northern noses
notes nothing notice noting november number numbers objects observations obviously oceans
october offer offered office officer officers official often older olive online opened opening
operation operations opinion opportunity oppose optimism optimized option orange order orders
organization original originals other others otherwise ounce outputs outrage outside overall
oversight owner packaged packages packing packs pains paint paints palace pants paper parameter
parameters parents paris parity parked parry particles particular particularly parties partly
partner parts party passed passes password passwords paste patch patents patients patty pause
pavements payment peace peach people peoples percent perfect performance performs perhaps period
permission person personal pests peter petty phase phases phone photo photos phrase phrases
physical picture pictured pictures piece pieces pierce pigments piles pines pipelines pitch
place placed places plains plane planes plank planned planner planners planning plans plant
planted planting plants plastic plate plates platform platforms played player players playing
plays pleas please pleased plight poets point points poker poles police policy political
politics polling polls popular population ports posing position positive possible possibly
posted postponed posts potential pottery pouch pound powder power powered powerful powers
practice praise prank precaution precious precise prediction premise premises present preserve
president presidents press pressure pressured pressures presume pretty prevent preview previous
previously price prices prick primary prime print prints prior prison private prob probable
probably probe probes problem problems proc procedures proceeds process produce produced product
production productions productive products prof professional professor profile prog program
programs progress project projection projections projects prom promise promises promoted
promoter promotes promoting promotion promotions prompt prone pronouns prop properly property
proposed proposes pros prose protect protection protections proud prov prove proves provide
provided provider provides provisions public published punch purpose purse putting python
qualify quality queen question questions quick quickly quite quits quota quote quoted quotes
radio rails railways raised raises rally ranch range ranged ranger ranges ranging rates rather
reach reached reactor reader reading reads ready reality realize really reason reasons reboot
rebound rebuild rebuilt receive received receiver receives recent recently recipes recommends
record records recycled redevelopment reduced reduces reduction refer refuse refuses regent
region regular related relationship relay release released releases relieve religions religious
remain remainder remains remember remembers remind reminded reminds remote remove removed
removes renamed repairs repayments repeal repeats replaced replaces replica replicate report
reported reports repost repression reproduction request requests require required requires
research reserved reserves reside resident resort resources respect responds response
responsible restart restaurants resting restored restriction rests result results resumed
resumes retired retrieved return returned returns reveals reversed review reviews revisions
revoked richard ridden right rightly rights rites river roads robber robert robes robots roles
rolls ropes roses rouge round router routes routines routing rover royal rubbed ruining ruled
ruler rulers rules rumor rumors rumours runners running russia russian sacks safeguard safely
safety sage sailed sailing sails saint sales sands saturday saturdays saying scale scaled scales
scalp scare scares scars scene schedule scheduled schedules scheme school schools science score
scrape scraps screen script scripts sealing search season seated seating second seconds secret
secretary secrets section security seeded seeds seeing seeks seemed seems seized selection
selling sells senate sending senior sense senses sentenced sentences separate september series
serious seriously serve served server servers serves service services sessions setting settings
settling seven seventh several sewer shack shade shadows shaft shake shale shall shame shane
shaped shapes share shared shave sheep shelf shell shells sherry shifts shipped shirt shock
shocks shoot shooting shore short shorts should shout showed showing shown shows shrine sided
sight signatures signed significant silenced silver similar simple simply simulated since
singing single singles sinner sister sitting situation situations sixth sizes skate skill
skilled skipper slack slash slate slated slater sleep sleeps sleepy slick slide slight slipped
slower slowing smack small smaller smart smell smith smoked smokes snack social society socks
solar solution somebody someone something sometime sometimes songs sonny sorry sorts sought
sound sounds source sourced sources south southern space spaced spaces spacex spanning spans
spare spared spark speak speaking special species specific speech speed spell spells spend
spending spent spice spike spill spine spirit spite spoke sport sports spots spread spring
springs sprint square squared squares stable stables stack stacks stacy staff stag stage staged
stages stake stakes staking stale stalk stall stalls stamps stand standard standards standing
stands staple stare stared staring stark starr starring stars start started starting startling
starts startups starving stash state stated statement states stating station stats statue
statues status statutes stave stayed staying steep stems steph stepped steven stick sticks stiff
still stimulate sting stitch stock stocks stoke stole stone stopped stops store stored stores
storey stories storing storm stormy story stove straight strain strand strands strap street
strength stride strife striker strikes string strings stripe strive stroke strong struck
structure stuart stuck student students studies study stuff stump stupid style subject subjects
subset success successful sugars suggests suing suite suited suites suits summer sunday sundays
sunni super superb supper supply support supports suppose supposed surface surge suspects swamp
sweep sweet swell swift switches swords swore symptoms system systems table tables tablet
tablets tails taken takes taking tales talking tanks taped target tasked taste tasted tasting
taxing teacher teams tease technology television telling tells temperatures tender tense tents
terminals terminated terms terror texas texting texts thank thanking thanks their theirs theme
themselves theory there thereby therefore these thick thing things think thinking thinks third
thirsty thomas thorough those though thought thoughts thousands threat three threshold threw
through throughout throw thrown throws thrust tickets tides tiger tight tightly tiles timber
timed timer times tired tires tissue tissues title today together token tokens tomorrow tonic
tonight topics topped torch total totally totals touch tough tours toward towards tower towers
toxic trace track tracks tract tracy trade traditional traffic trail trails train training
trains trait transfers translated translates translations trash travel travels tread treason
treat treatment treats treaty trent trial trick tricks tricky tried triggers trivial trolling
trolls trouble troubled troubles trough truck truly trunks trust trusts truth tryin trying tumor
tumour tuned tunnels turks turned turner turning twain tweets twice twitch twitter tying types
unable under understand understanding understands union united university unless until updated
updates upgraded upgrades upward urgently users using usually vacations vague value valued
values valve valves variable variables various vault verge verses version versions video videos
views village vince vines visit vive vogue voice volume volumes wages waited waiting waits
waived waiver wakes waking walking walled walter wander wandering wanna wanted wanting wants
wards washed washington waste wasted wasting watch watching water watts waved weaker wealth
wealthy wearing weather weave website websites wedding wedge weeds weekend weekends weeks weight
weird welcome wells western whale whatever wheat where whereby wherever whether which while
white whites whole whose wicket widow william willing window windows wines winner winning winter
wished wishes witch within without woman women wonder wonderful wonders woods wording words
worked worker workers working works world worlds worms worry worse worst worth worthy would
wound wright write writer writers writes writing written wrong wrote wrought yates years yeast
yells yesterday young yours yourself
"""

WORDS = frozenset(_TEXT.split())
