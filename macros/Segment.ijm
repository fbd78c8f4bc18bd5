// Segments the nuclei of the current image, measures them, and saves the labels beside it.
folder = getDirectory("image");
name = File.getNameWithoutExtension(getTitle());
run("Spyhop Segment", "model=nuclei channel=auto table=true manager=false");
saveAs("Tiff", folder + name + "_labels.tif");
saveAs("Results", folder + name + "_results.csv");
