// Shows what each pixel contributes to the answer of a network, compared with a blank image.
//
// From a shell:  spyhop macro macros/Saliency_Integrated.ijm image.tif results/map.tif species.spyhop

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

// The sum of the map is the difference of the two answers; fill=blur compares with a blurred image.
image = getImageID();
run("Spyhop Saliency Map", "model=[" + model + "] category=[] method=integrated");

if (getImageID() == image) exit("There is no map of " + getTitle());
saveAs("Tiff", output);
