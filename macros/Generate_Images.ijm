// Makes images with a generating model: a folder to train on, and a stack that goes from the image
// of one seed to that of another.
//
// From a shell:  spyhop macro macros/Generate_Images.ijm made/ cells.spyhop 100

if (getArgument() == "") {
  output = getDirectory("Folder for the images");
  model = File.openDialog("Model that makes images (.spyhop)");
  count = getNumber("How many images", 64);
} else {
  arguments = split(getArgument(), "\n");
  output = arguments[0];
  model = arguments[1];
  count = 64;
  if (arguments.length > 2) count = arguments[2];
}
if (endsWith(model, ".spyhop") && !File.exists(model)) exit("There is no model " + model);

// The same seed makes the same image: seeds 1, 2, 3 and so on.
run("Spyhop Generate Images", "model=[" + model + "] count=" + count + " seed=1 output=[" + output + "]");

// Without a folder the images open as a stack.
run("Spyhop Generate Images", "model=[" + model + "] between=1,2,3 steps=8");
saveAs("Tiff", output + File.separator + "way.tif");
