// Who is this whale? Identifies right whales on aerial photographs, in steps.
//
// Right whales carry callosities, rough pale patches, on their heads, in a pattern of their own. The
// pipeline "whales", which comes with Spyhop, finds the head, then the tip of the snout (bonnet) and
// the blowhole, turns the head upright, and compares the pattern with those it has learnt.
// Why a classifier of whole photographs learns the sea instead of the whale, and how such a pipeline
// is trained, is told in docs/right-whales.md.
//
// In Fiji: Plugins > Macros > Run..., and choose this file. It asks for two folders.
// In a shell:  spyhop macro macros/RightWhale.ijm photographs/ results/
// Photographs to try it on:  spyhop sample whales --seed 5 --count 12 --own-sea 0 --output whales

if (getArgument() == "") {
  input = getDirectory("Folder of photographs");
  output = getDirectory("Folder for results");
} else {
  arguments = split(getArgument(), "\n");
  input = arguments[0] + File.separator;
  output = arguments[1] + File.separator;
}
File.makeDirectory(output);
if (!File.isDirectory(output)) exit("The folder " + output + " cannot be made");

setBatchMode(true); // no windows: faster, and works without a display
run("Clear Results");
files = getFileList(input);
images = 0;
for (i = 0; i < files.length; i++) {
  if (matches(toLowerCase(files[i]), ".*\\.(tif|tiff|png|jpg|jpeg)")) {
    open(input + files[i]);

    // All steps in one line. For each head it adds a row to the Results table, and draws the box with
    // the whale's name and both points over the image. top=3 would tell the three likeliest whales.
    run("Spyhop Run Pipeline", "pipeline=whales channel=auto top=1 table=true manager=false");

    // Keep what was drawn as a picture.
    if (Overlay.size > 0) run("Flatten");
    saveAs("PNG", output + File.getNameWithoutExtension(files[i]) + ".png");
    close("*"); // make room for the next
    images++;
  }
}
if (images == 0) exit("There is no TIFF, PNG or JPEG image in " + input);
if (nResults == 0) exit("No whale was found on " + images + " photographs");

// One table for all: image, class (the whale), probability, box, points. Coordinates are pixels of
// the photograph. If a step found nothing, the column "missing" says which.
saveAs("Results", output + "whales.csv");
print("Identified whales on " + images + " photographs, see " + output);
