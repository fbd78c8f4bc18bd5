// Objects of what the network gives for each pixel, for ImageJ without Spyhop.
//
// Open the network's outputs, as deepImageJ shows them: the probability of an object and the depth in it. An image with
// the number of its object for each pixel comes out. ImageJ's own watershed leaves lines of one pixel between objects
// that touch, and drops no improbable ones; objects.py and Spyhop do as they should.
//
// Without a dialog: runMacro("objects.ijm", "title of the probability,title of the depth").
titles = split(getArgument(), ",");
if (titles.length < 2) {
  all = getList("image.titles");
  if (all.length < 2) exit("Expected two open images: the outputs object and depth of the network.");
  Dialog.create("Objects");
  Dialog.addChoice("Probability of an object", all, all[0]);
  Dialog.addChoice("Depth", all, all[1]);
  Dialog.show();
  titles = newArray(Dialog.getChoice(), Dialog.getChoice());
}
setBatchMode(true);

selectImage(titles[1]);
run("Duplicate...", "title=depth");
changeValues(-1e30, 0, 0);
changeValues(1.2, 1e30, 1.2);
run("Gaussian Blur...", "sigma=@smoothing@");
run("Find Maxima...", "prominence=@peakHeight@ output=[Segmented Particles]");
rename("basins");

selectImage(titles[0]);
run("Duplicate...", "title=mask");
setThreshold(@foreground@, 1e30);
run("Convert to Mask");
imageCalculator("AND", "mask", "basins");
run("Analyze Particles...", "size=@minArea@-Infinity pixel show=[Count Masks]");
rename("objects");
run("3-3-2 RGB");
resetMinAndMax();
close("depth");
close("basins");
close("mask");
setBatchMode("exit and display");
