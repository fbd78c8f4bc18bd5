// Plugins > Spyhop > Spyhop Identify Whales in Folder
// Says which right whales the photographs of a folder show: whales.csv has a row for each head.

if (getArgument() == "") {
  input = getDirectory("Folder of photographs");
  output = getDirectory("Folder for whales.csv");
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
  if (matches(toLowerCase(files[i]), ".*\\.(png|jpg|jpeg|tif|tiff)")) {
    open(input + files[i]);
    run("Spyhop Run Pipeline", "pipeline=whales channel=auto top=1 table=true manager=false");
    close("*");
  }
}
saveAs("Results", output + "whales.csv");
