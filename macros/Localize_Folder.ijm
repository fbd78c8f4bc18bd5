// Draws a box around every object in every TIFF, PNG and JPEG image of a folder: boxes.csv has a
// row for each box, and pictures show the boxes.
//
// From a shell:  spyhop macro macros/Localize_Folder.ijm images/ cells.spyhop results/

if (getArgument() == "") {
  input = getDirectory("Folder of images");
  model = File.openDialog("Model that finds objects (.spyhop)");
  output = getDirectory("Folder for results");
} else {
  arguments = split(getArgument(), "\n");
  input = arguments[0] + File.separator;
  model = arguments[1];
  output = arguments[2] + File.separator;
}

setBatchMode(true); // nothing is shown, which is faster
run("Clear Results");
files = getFileList(input);
for (i = 0; i < files.length; i++) {
  showProgress(i, files.length);
  if (matches(toLowerCase(files[i]), ".*\\.(tif|tiff|png|jpg|jpeg)")) {
    open(input + files[i]);
    // score=0.5 would keep only boxes of at least that score; empty: what suits the model
    run("Spyhop Localize", "model=[" + model + "] channel=auto score=[] table=true manager=false");
    if (Overlay.size > 0) run("Flatten"); // draws the boxes into a copy of the image
    saveAs("PNG", output + File.getNameWithoutExtension(files[i]) + "_boxes.png");
    close("*");
  }
}

// Places are in pixels from the upper left corner, and in units too if an image has them.
saveAs("Results", output + "boxes.csv");
