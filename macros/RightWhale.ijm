// Who is this whale? Identifies right whales on aerial photographs, in steps.
//
// Right whales carry callosities, rough pale patches, on their heads, in a pattern of their own. The
// pipeline "whales", which comes with Spyhop, finds the head, then the tip of the snout (bonnet) and
// the blowhole, turns the head upright, and compares the pattern with those it has learnt.
// Why a classifier of whole photographs learns the sea instead of the whale, and how such a pipeline
// is trained, is told in docs/right-whales.md.
//
// In Fiji: Plugins > Macros > Run..., and choose this file. It asks for a folder of photographs.
// In a shell:  spyhop macro RightWhale.ijm /path/to/photographs/
// Photographs to try it on:  spyhop sample whales --seed 5 --count 12 --own-sea 0 --output whales

folder = getArgument();                       // what was given in the shell, if anything
if (folder == "") folder = getDirectory("Choose a folder of photographs");
if (!endsWith(folder, "/")) folder = folder + "/";
results = folder + "identified/";             // where tables and pictures go
File.makeDirectory(results);

setBatchMode(true);                           // no windows: faster, and works without a display
run("Clear Results");
files = getFileList(folder);
count = 0;
for (i = 0; i < files.length; i++) {
	if (!endsWith(files[i], ".png") && !endsWith(files[i], ".jpg") && !endsWith(files[i], ".tif")) continue;
	open(folder + files[i]);

	// All steps in one line. For each head it adds a row to the Results table, and draws the box with
	// the whale's name and both points over the image. top=3 would tell the three likeliest whales.
	run("Spyhop Run Pipeline", "pipeline=whales channel=auto top=1 table=true manager=false");

	// Keep what was drawn as a picture.
	if (Overlay.size > 0) run("Flatten");
	saveAs("PNG", results + files[i]);
	count++;
	while (nImages > 0) close();              // make room for the next
}

// One table for all: image, class (the whale), probability, box, points. Coordinates are pixels of
// the photograph. If a step found nothing, the column "missing" says which.
saveAs("Results", results + "whales.csv");
print("Identified whales on " + count + " photographs, see " + results);
