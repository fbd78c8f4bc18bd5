// Which of the objects that were found should be looked at first? Those of which the model is least
// sure: most of what is wrong is among them.
//
// Before: segment or localize a folder (Segment_Folder.ijm, Localize_Folder.ijm) with a model that
// gives scores. Afterwards: open an image and its NAME_review.zip, go through the regions in the
// ROI Manager with the arrow keys, correct or delete what is wrong, and make a data set of them with
// Spyhop Annotations To Dataset.
//
// Of an open image and its regions, run("Spyhop Review Objects", "count=50") does the same.
// From a shell:  spyhop macro macros/Review_Objects.ijm results/ review/

if (getArgument() == "") {
  results = getDirectory("Folder of results");
  output = getDirectory("Folder for the review");
} else {
  arguments = split(getArgument(), "\n");
  results = arguments[0] + File.separator;
  output = arguments[1] + File.separator;
}

// below=0.8 takes only objects with a lower score.
run("Spyhop Review Objects",
  "results=[" + results + "] output=[" + output + "] count=50 replace=true");

// The table has a row for each object, the picture review.png shows them.
if (!File.exists(output + "review.csv")) exit("There is no table of objects in " + output);
