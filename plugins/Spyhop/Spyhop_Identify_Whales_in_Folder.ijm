// Plugins > Spyhop > Spyhop Identify Whales in Folder
// Says which right whales the photographs of a folder show: whales.csv has a row for each head.

if (getArgument() == "") {
  input = getDirectory("Folder of photographs");
  output = getDirectory("Folder for whales.csv");
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
    run("Spyhop Run Pipeline", "pipeline=whales channel=auto top=1 table=true manager=false");
    close("*");
    images++;
  }
}
if (images == 0) exit("There is no TIFF, PNG or JPEG image in " + input);
if (nResults == 0) exit("No whale was found on " + images + " photographs");
saveAs("Results", output + "whales.csv");
