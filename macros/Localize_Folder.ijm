// Draws a box around every object in every TIFF, PNG and JPEG image of a folder: boxes.csv has a
// row for each box, and pictures show the boxes.
//
// From a shell:  spyhop macro macros/Localize_Folder.ijm images/ results/ cells.spyhop

if (getArgument() == "") {
  input = getDirectory("Folder of images");
  output = getDirectory("Folder for results");
  model = File.openDialog("Model that finds objects (.spyhop)");
} else {
  arguments = split(getArgument(), "\n");
  input = arguments[0] + File.separator;
  output = arguments[1] + File.separator;
  model = arguments[2];
}
if (endsWith(model, ".spyhop") && !File.exists(model)) exit("There is no model " + model);
File.makeDirectory(output);
if (!File.isDirectory(output)) exit("The folder " + output + " cannot be made");

setBatchMode(true); // nothing is shown, which is faster
run("Clear Results");
files = getFileList(input);
images = 0;
for (i = 0; i < files.length; i++) {
  showProgress(i, files.length);
  if (matches(toLowerCase(files[i]), ".*\\.(tif|tiff|png|jpg|jpeg)")) {
    open(input + files[i]);
    // score=0.5 would keep only boxes of at least that score; empty: what suits the model
    run("Spyhop Localize", "model=[" + model + "] channel=auto score=[] table=true manager=false");
    if (Overlay.size > 0) run("Flatten"); // draws the boxes into a copy of the image
    saveAs("PNG", output + File.getNameWithoutExtension(files[i]) + "_boxes.png");
    close("*");
    images++;
  }
}
if (images == 0) exit("There is no TIFF, PNG or JPEG image in " + input);
if (nResults == 0) exit("No object was found in " + images + " images");

// Places are in pixels from the upper left corner, and in units too if an image has them.
saveAs("Results", output + "boxes.csv");
