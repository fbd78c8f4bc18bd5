package sc.fiji.spyhop.command;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.dataset.ImageGroups;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.StoppedException;
import sc.fiji.spyhop.job.batch.Batch;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.Existing;
import sc.fiji.spyhop.job.batch.GroupedNames;
import sc.fiji.spyhop.job.batch.Inputs;
import sc.fiji.spyhop.util.Strings;

/** Looks at files, one by one; a bad file does not stop the others. */
abstract class FilesCommand extends LookCommand {

  static final String OUTPUT_HELP = "Folder for the results; it is made if it is not there.";

  static final String EXISTING_HELP =
      "What to do with results that are in the folder. resume: images that are finished are"
          + " passed over; replace: all is done anew; refuse: nothing is done if there are some.";

  @Parameter(
      label = "Folder of images",
      style = "directory",
      persist = false,
      description = "Images, folders of images, or patterns such as \"*.tif\".")
  @InShell(arguments = true, value = "INPUT...")
  private File input = new File("");

  @Parameter(
      label = "Folder for the results",
      style = "directory",
      persist = false,
      description = OUTPUT_HELP)
  private File output = new File("");

  @Parameter(
      label = "Subfolders too",
      persist = false,
      description = "Searches folders to any depth.")
  private boolean recursive = false;

  @Parameter(
      label = "Earlier results",
      choices = {"resume", "replace", "refuse"},
      persist = false,
      description = EXISTING_HELP)
  @InShell(flags = {"--resume=resume", "--force=replace"})
  private String existing = "resume";

  @Parameter(
      label = "Groups of images",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "What images are summed up by, in a table of groups: a pattern of their names such as"
              + " {plate}_{well}_s*, a regular expression with named groups, or a CSV file with a"
              + " column image; empty for no groups.")
  @InShell("PATTERN|CSV")
  private String group = "";

  @Parameter(
      label = "Page of pictures",
      persist = false,
      description =
          "Also writes page.html, to look at in a browser: of each image its picture, count, what"
              + " the model is least sure of, and warnings, with plots of all together.")
  private boolean page = false;

  /**
   * The images.
   *
   * @param named files, folders and patterns; may be empty where something else tells the images
   */
  Inputs inputs(List<String> named, boolean deep, Path to) {
    return Inputs.expand(named, deep, to).without(this::passedOver);
  }

  /** Whether images have to be named. */
  boolean needsInput() {
    return true;
  }

  /** Folder of the results. */
  final Path output() {
    return output.toPath();
  }

  @Override
  public Map<String, Function<Map<String, Object>, List<String>>> notes() {
    Map<String, Function<Map<String, Object>, List<String>>> notes =
        new LinkedHashMap<>(super.notes());
    notes.put("group", new GroupNote(this::images));
    return notes;
  }

  /** The images that the settings of a dialog ask for. */
  private Inputs images(Map<String, Object> settings) {
    return inputs(
        List.of(((File) settings.get("input")).getPath()),
        Boolean.TRUE.equals(settings.get("recursive")),
        ((File) settings.get("output")).toPath());
  }

  private ImageGroups groups() {
    return setting("group", () -> ImageGroups.parse(group));
  }

  @Override
  void check() {
    groups();
    if (needsInput() && input.getPath().isBlank()) {
      throw SettingException.wrong(
          "input", "expected images or a folder of images, received nothing.");
    }
    if (output.getPath().isBlank()) {
      throw SettingException.wrong("output", "expected a folder, received nothing.");
    }
    channels();
  }

  @Override
  final void work(Caller caller) {
    BatchJob job = job(caller);
    Path to = output();
    String named = input.getPath();
    Inputs inputs = inputs(named.isBlank() ? List.of() : List.of(named.split("\n")), recursive, to);
    ImageGroups groups = groups();
    told(groups, inputs).ifPresent(caller::note);
    if (!job.area().isAll()) caller.note("Looked at within " + job.area().text() + ".");
    List<String> failures = new ArrayList<>(inputs.problems());
    if (!inputs.files().isEmpty()) {
      try (Caller.Images shown = caller.images(activity())) {
        Batch.Summary summary =
            Batch.run(job, inputs.files(), to, channels(), groups, Existing.parse(existing), shown);
        failures.addAll(summary.failures());
        if (summary.images() > 0) caller.result(told(summary, to));
      } catch (StoppedException e) {
        caller.note(e.getMessage());
        throw e;
      }
      if (page) PageCommand.make(to, caller);
    }
    if (!failures.isEmpty()) {
      caller.failed(failures, inputs.files().size() + inputs.problems().size());
    }
  }

  /**
   * What groups make of the first images.
   *
   * @throws SettingException if they make nothing of any image
   */
  private static Optional<String> told(ImageGroups groups, Inputs inputs) {
    if (groups.names().isEmpty() || inputs.files().isEmpty()) return Optional.empty();
    GroupedNames named = setting("group", () -> GroupedNames.of(groups, inputs.files().values()));
    if (named.first().isEmpty()) {
      throw SettingException.wrong(
          "group",
          "it tells the group of none of the images, such as " + named.other().orElseThrow() + ".");
    }
    String first =
        named.first().stream()
            .map(n -> n.file() + " is " + n.group())
            .collect(Collectors.joining("; "));
    String others =
        named.without() == 0
            ? ""
            : "; " + Strings.count(named.without(), "image") + " without a group";
    return Optional.of("Groups: " + first + others + ".");
  }
}
