// Plugins > Spyhop > Spyhop Count Nuclei in Folder
// Counts the nuclei of every TIFF image of a folder: counts.csv has a row for each image.

if (getArgument() == "") {
  input = getDirectory("Folder of images");
  output = getDirectory("Folder for counts.csv");
} else {
  folders = split(getArgument(), "\n");
  input = folders[0] + File.separator;
  output = folders[1] + File.separator;
}

setBatchMode(true);
run("Clear Results");
files = getFileList(input);
for (i = 0; i < files.length; i++) {
  showProgress(i, files.length);
  if (endsWith(toLowerCase(files[i]), ".tif")) {
    open(input + files[i]);
    run("Spyhop Segment", "model=nuclei channel=auto table=false manager=false");
    getStatistics(area, mean, min, max); // the labels are numbered: the largest is their number
    row = nResults;
    setResult("Image", row, files[i]);
    setResult("Nuclei", row, max);
    close("*");
  }
}
updateResults();
saveAs("Results", output + "counts.csv");
