// Segments the nuclei of the current image, measures them, and saves both beside the image.
//
// Run it with an image open: Plugins > Macros > Run...
// or from a shell, for one file:  spyhop macro macros/Segment.ijm image.tif

if (getArgument() != "") open(getArgument());

folder = getDirectory("image");
name = File.getNameWithoutExtension(getTitle());

// The label image that comes out is the current one afterwards: 0 is background, 1, 2, ... are nuclei.
run("Spyhop Segment", "model=nuclei channel=auto table=true manager=false");

saveAs("Tiff", folder + name + "_labels.tif");
saveAs("Results", folder + name + "_results.csv");
