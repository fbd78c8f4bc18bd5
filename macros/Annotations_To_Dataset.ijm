// Makes one data set to train on of all annotated images in a folder.
//
// Before: open an image, draw around its objects (press t after each, which adds it to the ROI
// Manager), put them into the overlay (Image > Overlay > From ROI
// Manager), and save the image as TIFF: the overlay is saved with it.
//
// From a shell:  spyhop macro macros/Annotations_To_Dataset.ijm annotated/ dataset/

if (getArgument() == "") {
  input = getDirectory("Folder of annotated images");
  output = getDirectory("New folder for the data set");
} else {
  folders = split(getArgument(), "\n");
  input = folders[0] + File.separator;
  output = folders[1];
}

setBatchMode(true); // nothing is shown, which is faster
run("Clear Results");
files = getFileList(input);
for (i = 0; i < files.length; i++) {
  if (endsWith(toLowerCase(files[i]), ".tif")) {
    open(input + files[i]);
    if (Overlay.size > 0) {
      // complete=true: everything in an annotated slice has been drawn, all else is background.
      // With complete=false all else counts as unknown, and some areas must be named background.
      run("Spyhop Annotations To Dataset",
        "kind=objects regions=overlay complete=true add=true output=[" + output + "]");
    }
    close("*");
  }
}

// The Results table has a row for each annotated slice; the log tells what looks like a mistake.
saveAs("Results", output + File.separator + "check.csv");
