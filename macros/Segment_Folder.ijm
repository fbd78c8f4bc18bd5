// Segments every TIFF image of a folder without showing it, and measures all objects in one table.
//
// From a shell:  spyhop macro macros/Segment_Folder.ijm images/ results/

if (getArgument() == "") {
  input = getDirectory("Folder of images");
  output = getDirectory("Folder for results");
} else {
  folders = split(getArgument(), "\n");
  input = folders[0] + File.separator;
  output = folders[1] + File.separator;
}

model = "nuclei"; // or the path of a .spyhop file, such as /data/cells.spyhop

setBatchMode(true); // nothing is shown, which is faster
run("Clear Results");
files = getFileList(input);
for (i = 0; i < files.length; i++) {
  showProgress(i, files.length);
  if (endsWith(toLowerCase(files[i]), ".tif")) {
    open(input + files[i]);
    run("Spyhop Segment", "model=[" + model + "] channel=auto table=true manager=false");
    saveAs("Tiff", output + File.getNameWithoutExtension(files[i]) + "_labels.tif");
    close("*");
  }
}
saveAs("Results", output + "results.csv");
