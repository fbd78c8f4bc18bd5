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
Table.create("Counts");
row = 0;
files = getFileList(input);
for (i = 0; i < files.length; i++) {
  showProgress(i, files.length);
  if (endsWith(toLowerCase(files[i]), ".tif")) {
    open(input + files[i]);
    run("Spyhop Segment", "model=nuclei channel=auto table=false manager=false");
    getStatistics(area, mean, min, max); // the labels are numbered: the largest is their number
    Table.set("Image", row, files[i], "Counts");
    Table.set("Nuclei", row, max, "Counts");
    row++;
    close("*");
  }
}
Table.update("Counts");
Table.save(output + "counts.csv", "Counts");
