// Segments every TIFF image of a folder without showing it, and measures all of them in one table.
input = getDirectory("Images");
output = getDirectory("Results");
setBatchMode(true);
files = getFileList(input);
for (i = 0; i < files.length; i++) {
  if (endsWith(toLowerCase(files[i]), ".tif")) {
    open(input + files[i]);
    run("Spyhop Segment", "model=nuclei channel=auto table=true manager=false");
    saveAs("Tiff", output + File.getNameWithoutExtension(files[i]) + "_labels.tif");
    close("*");
  }
}
saveAs("Results", output + "results.csv");
