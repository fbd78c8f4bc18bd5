// Shows which details of an image drove the units of a network that speak for its answer.
//
// From a shell:  spyhop macro macros/Saliency_Guided.ijm image.tif results/map.tif species.spyhop

if (getArgument() == "") {
  open(File.openDialog("Image"));
  output = getDirectory("Folder for the map") + getTitle() + "_saliency.tif";
  model = File.openDialog("Model (.spyhop)");
} else {
  arguments = split(getArgument(), "\n");
  open(arguments[0]);
  output = arguments[1];
  model = arguments[2];
}
if (endsWith(model, ".spyhop") && !File.exists(model)) exit("There is no model " + model);
if (indexOf(output, File.separator) > 0) File.makeDirectory(File.getParent(output));

// As gradient, without what is negative or comes through units that were off.
image = getImageID();
run("Spyhop Saliency Map", "model=[" + model + "] category=[] method=guided");

if (getImageID() == image) exit("There is no map of " + getTitle());
saveAs("Tiff", output);
