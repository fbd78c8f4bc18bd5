package sc.fiji.spyhop.exchange.bioimage;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.KeypointDetection;
import sc.fiji.spyhop.task.Localization;
import sc.fiji.spyhop.task.MultiLabelClassification;
import sc.fiji.spyhop.task.MultiLabelSegmentation;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/** README.md of a package: what a model is for, how it is used, and what is not in its fields. */
final class BioimageReadme {

  /** Behind which comes what a model brought along, as it was. */
  private static final String AUTHORS = "## In the words of its authors\n\n";

  private final ModelSpec spec;
  private final Network network;
  private final StringBuilder text = new StringBuilder();

  private BioimageReadme(Model model) {
    spec = model.spec();
    network = model.network();
  }

  /**
   * The text.
   *
   * @param files of the package
   */
  static String of(Model model, Set<String> files) {
    BioimageReadme readme = new BioimageReadme(model);
    readme.purpose();
    readme.use(files);
    readme.images();
    readme.outputs();
    readme.origin();
    String authors = model.presentation().documentation();
    if (!authors.isBlank()) readme.text.append('\n').append(AUTHORS).append(authors);
    return readme.text.toString().replace("\r\n", "\n");
  }

  /** What a model brought along, of a text that was written here. */
  static String ofAuthors(String readme) {
    int at = readme.indexOf(AUTHORS);
    return at < 0 ? "" : readme.substring(at + AUTHORS.length());
  }

  private void line(String format, Object... values) {
    text.append(Strings.format(format, values)).append("\n\n");
  }

  private void item(String format, Object... values) {
    text.append("- ").append(Strings.format(format, values)).append('\n');
  }

  private void purpose() {
    line("# %s", spec.name());
    if (!spec.description().isBlank()) line("%s", spec.description());
    line("%s", spec.task().accept(PURPOSE));
  }

  /** What a user gets, in one sentence. */
  private static final Task.Visitor<String> PURPOSE =
      new Task.Visitor<>() {
        @Override
        public String classification(ClassTask task) {
          return task instanceof MultiLabelClassification
              ? "It says how likely an image shows each of these, of which there may be several: "
                  + names(task)
                  + "."
              : "It says which of these an image shows: " + names(task) + ".";
        }

        @Override
        public String restoration(Restoration task) {
          return "It makes an image of an image, pixel by pixel: " + names(task) + ".";
        }

        @Override
        public String regression(Regression task) {
          return "It measures images: "
              + IntStream.range(0, task.names().size())
                  .mapToObj(
                      k -> {
                        String unit = task.units().get(k);
                        return task.names().get(k) + (unit.isBlank() ? "" : " in " + unit);
                      })
                  .collect(Collectors.joining(", "))
              + ".";
        }

        @Override
        public String localization(Localization task) {
          return "It puts a box around each of these in an image: " + names(task) + ".";
        }

        @Override
        public String keypoints(KeypointDetection task) {
          return "It finds these points in an image: " + names(task) + ".";
        }

        @Override
        public String segmentation(SegmentationTask task) {
          if (task instanceof MultiLabelSegmentation) {
            return "It says how likely each pixel belongs to each of these, which may lie over each"
                + " other: "
                + names(task)
                + ".";
          }
          return task instanceof InstanceSegmentation
              ? "It outlines each of these in an image: " + names(task) + "."
              : "It says of each pixel which of these it shows: " + names(task) + ".";
        }
      };

  private static String names(Task<?, ?> task) {
    return String.join(", ", task.names());
  }

  private void use(Set<String> files) {
    line("## How to use it");
    item(
        "In Fiji or ImageJ with Spyhop: *Plugins > Spyhop > Spyhop Import Network*, then the model is"
            + " in all of its commands by its name. In a shell: `spyhop models import FILE.zip`. All that"
            + " follows is then done for you.");
    item(
        "In deepImageJ, ilastik or Python (`bioimageio.core`): open this package. They show what the"
            + " network gives, see Outputs.");
    if (files.contains(ObjectScripts.PYTHON)) {
      item(
          "The network gives two or more numbers for each pixel, not objects. These are made by a"
              + " watershed: the depth, smoothed, is flooded from its peaks, within what is more"
              + " probably an object than not; small and improbable ones are dropped."
              + " `%s` does that as Spyhop does (`python %s image.tif labels.tif`), `%s` nearly so"
              + " with ImageJ's own commands.",
          ObjectScripts.PYTHON, ObjectScripts.PYTHON, ObjectScripts.MACRO);
    } else if (spec.task().grid() == Task.Grid.CELLS) {
      item(
          "Outputs are maps of cells of several pixels. Of them Spyhop makes boxes and points;"
              + " other programs show the maps. JDLL (deepImageJ) of July 2026 takes the scale of an"
              + " output for its inverse, and does not run such models.");
    }
    text.append('\n');
  }

  private void images() {
    line("## Images it takes");
    ModelSpec.Input input = spec.input();
    item(
        "%s; %s.",
        input.colors() == Colors.NONE
            ? Strings.count(input.channels(), "channel")
            : "Colour, as red, green and blue",
        Portable.preprocessing(input).orElse(List.of()).size() > 1
            ? "values of any range: " + input.normalization().description()
            : "values as they are in the file: the network itself brings them to its range");
    Shape shape = network.inputs().get(0).shape();
    if (input.fit().isFixed()) {
      Resize.View view = input.fit().view(1, 1);
      item(
          "Images of %d x %d pixels (columns x rows). Others have to be brought to that size before: %s.",
          view.width(), view.height(), fit(input.fit()));
    } else if (shape.isFixed()) {
      item("Parts of images, of %s pixels (rows x columns).", shape.space());
    } else {
      ReceptiveField field = ReceptiveField.of(network);
      item(
          "Images of any size; sides that are multiples of %d need nothing added.",
          Math.max(field.sizeMultiple().get(0), field.sizeMultiple().get(1)));
    }
    if (input.fit() instanceof Resize.Scaled s && s.factor() != 1) {
      item(
          "Images have to be scaled by %s before (*Image > Scale*): the network knows objects in"
              + " that size.",
          Digits.six(s.factor()));
    }
    Optional<PixelSize> size = BioimageDescription.pixelSize(input);
    if (size.isPresent()) {
      item(
          "A pixel of what it is shown is %s x %s \u00B5m. Images of another pixel size have to be"
              + " scaled before.",
          Digits.six(size.get().width()), Digits.six(size.get().height()));
    }
    if (input.objects().isKnown()) {
      item(
          "Objects of about %s pixels across: Spyhop finds the scale itself, other programs do not.",
          Digits.six(Math.rint(input.objects().median())));
    }
    text.append('\n');
  }

  /** How an image of another size is brought to that of the network. */
  private static String fit(Resize fit) {
    if (fit instanceof Resize.CenterCrop c) {
      return Strings.format("the shorter side to %d pixels, and of that the middle", c.side());
    }
    if (fit instanceof Resize.Cover) return "the middle, as much of it as has these proportions";
    if (fit instanceof Resize.Letterbox l) {
      return "as large as fits, proportions kept, on a ground of " + Digits.six(l.fill());
    }
    return "all of it, whatever becomes of the proportions";
  }

  private void outputs() {
    line("## Outputs");
    for (String output : network.outputs()) {
      item("`%s`: %s", output, meaning(output));
    }
    text.append('\n');
  }

  private String meaning(String output) {
    Task<?, ?> task = spec.task();
    if (task instanceof Regression r) {
      return "the values, in their units" + (r.names().size() > 1 ? ", in order" : "");
    }
    if (Portable.isOfImage(spec)) {
      return "normalized values, as the image that is shown: to have its own, undo the"
          + " normalization of that image";
    }
    if (task instanceof Restoration) return "values of pixels";
    if (task instanceof Localization) {
      return output.equals("center")
          ? "how surely a cell holds the middle of an object, for each of " + names(task)
          : "where the edges of the box around it are; Spyhop reads it";
    }
    if (task instanceof InstanceSegmentation) {
      return switch (output) {
        case "object" -> "probability that a pixel belongs to an object";
        case "depth" -> "how deep inside its object a pixel lies, from 0 at the border to 1";
        case "size" -> "diameter of its object, in octaves from 16 pixels";
        default -> "probability of each class of objects";
      };
    }
    List<Double> thresholds =
        task instanceof MultiLabelSegmentation m
            ? m.thresholds()
            : task instanceof MultiLabelClassification c ? c.thresholds() : List.of();
    if (!thresholds.isEmpty()) {
      return "probability of each of "
          + names(task)
          + "; what is above "
          + thresholds.stream().map(Digits::six).collect(Collectors.joining(", "))
          + " counts";
    }
    boolean named = task.names().size() > 1 && network.outputs().size() == 1;
    return named ? "one number for each of " + names(task) : "see the description of the task";
  }

  private void origin() {
    line("## Who made it");
    item("Authors: %s. Licence: %s.", spec.author(), spec.license());
    if (!spec.citation().isBlank()) item("Please cite: %s", spec.citation());
    ModelSpec.Training t = spec.training();
    if (!t.data().isBlank()) item("Trained on %s, with %s.", t.data(), t.software());
    text.append('\n');
    line("## Validation");
    if (t.figures().isEmpty()) line("No figures are known.");
    t.figures().forEach((name, value) -> item("%s: %.4f", name, value));
  }
}
