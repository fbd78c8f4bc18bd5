// Draws a network: a box for each layer, with the shape of its output, its parameters, and how many
// pixels of the image each of its values sees.
//
// From a shell:  spyhop macro macros/Show_Network.ijm lenet results/lenet.png

if (getArgument() == "") {
  network = getString("Architecture (such as unet), layers in notation, or model", "lenet");
  output = getDirectory("Folder for the picture") + "network.png";
} else {
  arguments = split(getArgument(), "\n");
  network = arguments[0];
  output = arguments[1];
}
if (indexOf(output, File.separator) > 0) File.makeDirectory(File.getParent(output));

run("Spyhop Show Network", "network=[" + network + "]");

if (nImages == 0) exit("There is no picture of " + network);
saveAs("PNG", output);
