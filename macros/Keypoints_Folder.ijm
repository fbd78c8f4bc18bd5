// Finds named points, such as snout and tail, in every TIFF, PNG and JPEG image of a folder:
// keypoints.csv has a row for each point that was found.
//
// From a shell:  spyhop macro macros/Keypoints_Folder.ijm images/ mouse.spyhop results/
// For a model that finds the points of objects in boxes, a second model draws the boxes:
//   spyhop macro macros/Keypoints_Folder.ijm images/ mouse.spyhop results/ mice.spyhop

localizer = ""; // a model that draws boxes, such as "/data/mice.spyhop"; empty: whole images

if (getArgument() == "") {
  input = getDirectory("Folder of images");
  model = File.openDialog("Model that finds keypoints (.spyhop)");
  output = getDirectory("Folder for results");
} else {
  arguments = split(getArgument(), "\n");
  input = arguments[0] + File.separator;
  model = arguments[1];
  output = arguments[2] + File.separator;
  if (arguments.length > 3) localizer = arguments[3];
}

setBatchMode(true); // nothing is shown, which is faster
run("Clear Results");
files = getFileList(input);
for (i = 0; i < files.length; i++) {
  showProgress(i, files.length);
  if (matches(toLowerCase(files[i]), ".*\\.(tif|tiff|png|jpg|jpeg)")) {
    open(input + files[i]);
    regions = "slices";
    if (localizer != "") {
      run("Spyhop Localize", "model=[" + localizer + "] table=false manager=false");
      regions = "overlay"; // where the boxes are now
    }
    if (localizer == "" || Overlay.size > 0)
      run("Spyhop Keypoints", "model=[" + model + "] regions=" + regions + " manager=false");
    close("*");
  }
}

// Places are in pixels from the upper left corner, and in units too if an image has them.
saveAs("Results", output + "keypoints.csv");
