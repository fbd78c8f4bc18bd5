// Segments the nuclei of an image, measures them, and saves label image and table in a folder.
//
// Run it with the image open: Plugins > Macros > Run...
// or from a shell:  spyhop macro macros/Segment.ijm image.tif results/ nuclei

model = "nuclei"; // or the path of a .spyhop file, such as /data/cells.spyhop

if (getArgument() == "") {
  output = getDirectory("Folder for results");
} else {
  arguments = split(getArgument(), "\n");
  open(arguments[0]);
  output = arguments[1] + File.separator;
  if (arguments.length > 2) model = arguments[2];
}
if (endsWith(model, ".spyhop") && !File.exists(model)) exit("There is no model " + model);
File.makeDirectory(output);
if (!File.isDirectory(output)) exit("The folder " + output + " cannot be made");

name = File.getNameWithoutExtension(getTitle());
image = getImageID();
run("Clear Results");
run("Spyhop Segment", "model=[" + model + "] channel=auto table=true manager=false");

// The label image is the current one now: 0 is background, 1, 2, ... are nuclei.
if (getImageID() == image) exit("There is no label image of " + name);
saveAs("Tiff", output + name + "_labels.tif");
if (nResults == 0) exit("No nucleus was found in " + name);
saveAs("Results", output + name + "_results.csv");
