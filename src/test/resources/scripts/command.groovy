#@ CommandService commands
#@ ImagePlus image
#@ String (label = "Model", value = "nuclei") model
#@output ImagePlus labels

segment = "sc.fiji.spyhop.command.SegmentCommand"
settings = [image: image, model: model, manager: false]
labels = commands.run(segment, true, settings).get().getOutput("labels")
