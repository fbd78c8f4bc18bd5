// Plugins > Spyhop > Spyhop Count Nuclei in Folder
// Counts the nuclei of every TIFF, PNG and JPEG image of a folder: counts.csv has a row for each image.

if (getArgument() == "") {
  input = getDirectory("Folder of images");
  output = getDirectory("Folder for counts.csv");
} else {
  arguments = split(getArgument(), "\n");
  input = arguments[0] + File.separator;
  output = arguments[1] + File.separator;
}
File.makeDirectory(output);
if (!File.isDirectory(output)) exit("The folder " + output + " cannot be made");

setBatchMode(true);
run("Clear Results");
files = getFileList(input);
images = 0;
for (i = 0; i < files.length; i++) {
  showProgress(i, files.length);
  if (matches(toLowerCase(files[i]), ".*\\.(tif|tiff|png|jpg|jpeg)")) {
    open(input + files[i]);
    image = getImageID();
    run("Spyhop Segment", "model=nuclei channel=auto table=false manager=false");
    if (getImageID() == image) exit("There is no label image of " + files[i]);
    getStatistics(area, mean, min, max); // the labels are numbered: the largest is their number
    setResult("Image", images, files[i]);
    setResult("Nuclei", images, max);
    close("*");
    images++;
  }
}
if (images == 0) exit("There is no TIFF, PNG or JPEG image in " + input);
updateResults();
saveAs("Results", output + "counts.csv");
