package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.ObjectTable;
import sc.fiji.spyhop.ij.FrameImages;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.sample.NucleiGenerator;
import sc.fiji.spyhop.sample.SyntheticImage;

/** Makes images of nuclei, as a data set to train on or to evaluate with. */
@Command(
    name = "nuclei",
    description = {
      "Makes fluorescence-like images of cell nuclei.",
      "Some touch each other; the light is uneven, and there is noise.",
      "Writes images/NAME.tif, labels/NAME.tif (one number per nucleus) and index.csv;",
      "of two kinds of nuclei also labels.csv, which tells the class of each."
    },
    footer = {"", "Example:", "  spyhop sample nuclei --seed 1 --count 12 --output mydata"})
final class SampleNuclei extends Job {

  @Mixin private SampleOptions options;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      defaultValue = "256x256",
      description = "Width and height in pixels (default: ${DEFAULT-VALUE}).")
  private String size;

  @Option(
      names = "--bits",
      paramLabel = "8|16",
      description = "Bits of a pixel (default: 8, every fourth image 16).")
  private Optional<Integer> bits;

  @Option(
      names = "--plate",
      paramLabel = "NAME",
      description = {
        "Paints a plate of 96 wells instead: images NAME_A01_s1 and so on, fewer nuclei in columns",
        "farther right; index.csv has well, dose and number of nuclei."
      })
  private Optional<String> plate;

  @Option(
      names = "--kinds",
      paramLabel = "1|2",
      defaultValue = "1",
      description = {
        "2: nuclei of live and of dead cells, about as large and as bright; those of dead ones are",
        "in clumps (default: ${DEFAULT-VALUE})."
      })
  private int kinds;

  /** Share of nuclei of dead cells. */
  private static final double DEAD = 0.3;

  /** An image that is yet to be painted, and what its row of the table says besides. */
  private record Planned(
      Function<Progress, SyntheticImage> paint, Function<SyntheticImage, String> row) {}

  @Override
  public Integer call() {
    if (bits.isPresent() && bits.get() != 8 && bits.get() != 16) {
      throw misuse("--bits: expected 8 or 16, received " + bits.get() + ".");
    }
    if (kinds < 1 || kinds > 2) {
      throw misuse("--kinds: expected 1 or 2, received " + kinds + ".");
    }
    if (kinds == 2 && plate.isPresent()) {
      throw misuse("--kinds and --plate exclude each other: a plate has nuclei of one kind.");
    }
    int[] sides = SampleOptions.size(this, size);
    int width = sides[0];
    int height = sides[1];
    if ((long) width * height > Integer.MAX_VALUE - 8) {
      throw misuse("--size: expected at most 2,147,483,639 pixels, received " + size + ".");
    }
    if (plate.filter(p -> !p.matches("[A-Za-z0-9-]{1,40}")).isPresent()) {
      throw misuse(
          "--plate: expected a name of letters, digits and hyphens, received " + plate.get() + ".");
    }
    options.prepare(this, "index.csv", "images", "labels");
    Path output = options.output;
    List<Planned> all = plate.isPresent() ? plate(width, height) : series(width, height);
    StringBuilder rows =
        new StringBuilder(plate.isPresent() ? "name,well,dose,nuclei\n" : "name,subset\n");
    List<ObjectTable.Row> objects = new ArrayList<>();
    try (ConsoleProgress progress = new ConsoleProgress(console(), "Painting", all.size())) {
      for (Planned planned : all) {
        progress.checkCancelled();
        progress.begin("image " + (all.indexOf(planned) + 1));
        SyntheticImage made = planned.paint().apply(progress);
        String name = made.name();
        LabelImages.save(
            FrameImages.of(made.frame()), output.resolve("images").resolve(name + ".tif"));
        options.writeLabels(made);
        for (int i = 1; kinds == 2 && i <= made.labels().max(); i++) {
          String kind = NucleiGenerator.KINDS.get(made.labels().classes().of(i));
          objects.add(new ObjectTable.Row(name + ".tif", i, kind));
        }
        rows.append(name).append(',').append(planned.row().apply(made)).append('\n');
        progress.end(name + ": " + made.labels().max() + " nuclei");
      }
    }
    if (kinds == 2) ObjectTable.write(output, objects, false);
    options.writeTable("index.csv", rows);
    return ExitCode.OK;
  }

  private List<Planned> series(int width, int height) {
    List<Planned> all = new ArrayList<>();
    for (int i = 0; i < options.count; i++) {
      int index = i;
      int depth = bits.orElse(i % 4 == 3 ? 16 : 8);
      all.add(
          new Planned(
              p ->
                  NucleiGenerator.ofSeries(
                      options.seed, index, width, height, depth, kinds == 2 ? DEAD : 0, p),
              SyntheticImage::subset));
    }
    return all;
  }

  private List<Planned> plate(int width, int height) {
    List<Planned> all = new ArrayList<>();
    for (int row = 0; row < NucleiGenerator.REPEATS; row++) {
      for (int column = 0; column < NucleiGenerator.DOSES; column++) {
        for (int site = 1; site <= options.count; site++) {
          all.add(planned(row, column, site, width, height));
        }
      }
    }
    return all;
  }

  private Planned planned(int row, int column, int site, int width, int height) {
    return new Planned(
        p ->
            NucleiGenerator.ofPlate(
                plate.orElseThrow(),
                row,
                column,
                site,
                options.seed,
                width,
                height,
                bits.orElse(8),
                p),
        made -> NucleiGenerator.well(row, column) + "," + (column + 1) + "," + made.labels().max());
  }
}
