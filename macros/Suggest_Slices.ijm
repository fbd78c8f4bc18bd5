// Which slices of a stack should be annotated next? Those that a network is unsure about, and that
// show something else than each other, teach it most.
//
// Run it with the stack open; slices that have regions already are passed over.
// From a shell:  spyhop macro macros/Suggest_Slices.ijm stack.tif suggestions.csv my.spyhop

if (getArgument() == "") {
  output = ""; // the table is shown
  model = File.openDialog("Model (.spyhop)");
} else {
  arguments = split(getArgument(), "\n");
  setBatchMode(true); // there is no window to show it in
  open(arguments[0]);
  output = arguments[1];
  model = arguments[2];
}
if (endsWith(model, ".spyhop") && !File.exists(model)) exit("There is no model " + model);

run("Clear Results");
// measure=entropy, margin or confidence; with diverse=false only the network's doubt counts.
run("Spyhop Suggest Slices", "model=[" + model + "] measure=entropy count=5 diverse=true");
if (nResults == 0) exit("No slice is suggested");

// The best is in the first row, and it is the current slice now.
print("Annotate slice " + getResult("slice", 0) + " next.");
if (output != "") {
  if (indexOf(output, File.separator) > 0) File.makeDirectory(File.getParent(output));
  saveAs("Results", output);
}
