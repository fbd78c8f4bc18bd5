#@ File (label = "Image") input
#@ File (label = "Label image to write", style = "save") output
#@ String (label = "Model", value = "nuclei") model
#@output Integer count

from sc.fiji.spyhop.ij import ImageFiles
from sc.fiji.spyhop.image import Imgs, NumpyImages
from sc.fiji.spyhop.inference import Runner
from sc.fiji.spyhop.task import TaskKind

image = ImageFiles().readFrame(input.toPath())
runner = Runner.open(model, TaskKind.SEGMENTATION)
try:
    found = runner.predict(image)
finally:
    runner.close()
count = found.segments().size()
areas = [s.area() for s in found.segments()]
print("Mean area: %.1f pixels" % (float(sum(areas)) / max(1, count)))
NumpyImages.write(Imgs.labels(found), output.toPath())
