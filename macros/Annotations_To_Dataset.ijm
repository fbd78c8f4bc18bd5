// Makes one data set to train on of all annotated TIFF images in a folder.
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
  arguments = split(getArgument(), "\n");
  input = arguments[0] + File.separator;
  output = arguments[1] + File.separator;
}

setBatchMode(true); // nothing is shown, which is faster
run("Clear Results");
files = getFileList(input);
images = 0;
for (i = 0; i < files.length; i++) {
  if (matches(toLowerCase(files[i]), ".*\\.(tif|tiff)")) { // PNG and JPEG have no overlay
    open(input + files[i]);
    if (Overlay.size > 0) {
      // complete=true: everything in an annotated slice has been drawn, all else is background.
      // With complete=false all else counts as unknown, and some areas must be named background.
      run("Spyhop Annotations To Dataset",
        "kind=objects regions=overlay complete=true add=true output=[" + output + "]");
      images++;
    }
    close("*");
  }
}
if (images == 0) exit("There is no TIFF image with an overlay in " + input);
if (nResults == 0) exit("Nothing was written to " + output);

// The Results table has a row for each annotated slice; the log tells what looks like a mistake.
saveAs("Results", output + "check.csv");
