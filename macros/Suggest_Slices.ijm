// Which slices of a stack should be annotated next? Those that a network is unsure about, and that
// show something else than each other, teach it most.
//
// Run it with the stack open; slices that have regions already are passed over.
// From a shell:  spyhop macro macros/Suggest_Slices.ijm stack.tif my.spyhop suggestions.csv

if (getArgument() == "") {
  model = File.openDialog("Model (.spyhop)");
  table = "";
} else {
  arguments = split(getArgument(), "\n");
  setBatchMode(true); // there is no window to show it in
  open(arguments[0]);
  model = arguments[1];
  table = arguments[2];
}

run("Clear Results");
// measure=entropy, margin or confidence; with diverse=false only the network's doubt counts.
run("Spyhop Suggest Slices", "model=[" + model + "] measure=entropy count=5 diverse=true");

// The best is in the first row, and it is the current slice now.
print("Annotate slice " + getResult("Slice", 0) + " next.");
if (table != "") saveAs("Results", table);
