// Shows which regions of an image made a network say what it said: windows of the image are hidden
// in turn, and where that changes the answer, the map is bright.
//
// From a shell:  spyhop macro macros/Saliency_Map.ijm image.tif species.spyhop map.tif

if (getArgument() == "") {
  open(File.openDialog("Image"));
  model = File.openDialog("Model that classifies (.spyhop)");
  output = getDirectory("Folder for the map") + getTitle() + "_saliency.tif";
} else {
  arguments = split(getArgument(), "\n");
  open(arguments[0]);
  model = arguments[1];
  output = arguments[2];
}

// An empty category explains the most likely one; 0 lets Spyhop choose the size of the window.
run("Spyhop Saliency Map", "model=[" + model + "] category=[] window=0 fill=mean");

saveAs("Tiff", output);
