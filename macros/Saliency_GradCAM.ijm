// Shows where a deep layer of a network found what speaks for its answer.
//
// From a shell:  spyhop macro macros/Saliency_GradCAM.ijm image.tif results/map.tif species.spyhop

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

// The last layer with maps is looked at; layer=NAME chooses another.
image = getImageID();
run("Spyhop Saliency Map", "model=[" + model + "] category=[] method=gradcam");

if (getImageID() == image) exit("There is no map of " + getTitle());
saveAs("Tiff", output);
