// Shows which regions of an image made a network say what it said: windows of the image are hidden
// in turn, and where that changes the answer, the map is bright.
//
// From a shell:  spyhop macro macros/Saliency_Map.ijm image.tif results/map.tif species.spyhop

if (getArgument() == "") {
  open(File.openDialog("Image"));
  output = getDirectory("Folder for the map") + getTitle() + "_saliency.tif";
  model = File.openDialog("Model that classifies (.spyhop)");
} else {
  arguments = split(getArgument(), "\n");
  open(arguments[0]);
  output = arguments[1];
  model = arguments[2];
}
if (endsWith(model, ".spyhop") && !File.exists(model)) exit("There is no model " + model);
if (indexOf(output, File.separator) > 0) File.makeDirectory(File.getParent(output));

// An empty category explains the most likely one; 0 lets Spyhop choose the size of the window.
image = getImageID();
run("Spyhop Saliency Map", "model=[" + model + "] category=[] window=0 fill=mean");

if (getImageID() == image) exit("There is no map of " + getTitle());
saveAs("Tiff", output);
