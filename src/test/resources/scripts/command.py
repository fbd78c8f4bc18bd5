#@ CommandService commands
#@ ImagePlus image
#@ String (label = "Model", value = "nuclei") model
#@output ImagePlus labels

segment = "sc.fiji.spyhop.command.SegmentCommand"
settings = {"image": image, "model": model, "manager": False}
labels = commands.run(segment, True, settings).get().getOutput("labels")
