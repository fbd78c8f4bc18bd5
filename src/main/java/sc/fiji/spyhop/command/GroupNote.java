package sc.fiji.spyhop.command;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import sc.fiji.spyhop.dataset.ImageGroups;
import sc.fiji.spyhop.job.batch.GroupedNames;
import sc.fiji.spyhop.job.batch.Inputs;
import sc.fiji.spyhop.util.Strings;

/** Tells what groups make of the images of a folder, which is searched once. */
final class GroupNote implements Function<Map<String, Object>, List<String>> {

  /** What decides which images there are. */
  private record Folder(File input, boolean recursive, File output) {}

  private record Searched(Folder folder, Inputs inputs) {}

  private final Function<Map<String, Object>, Inputs> search;
  private Optional<Searched> searched = Optional.empty();

  /**
   * @param search finds the images that settings, by key, ask for
   */
  GroupNote(Function<Map<String, Object>, Inputs> search) {
    this.search = search;
  }

  @Override
  public synchronized List<String> apply(Map<String, Object> settings) {
    ImageGroups groups = ImageGroups.parse(String.valueOf(settings.get("group")));
    if (groups.names().isEmpty()) return List.of();
    if (((File) settings.get("input")).getPath().isBlank()) {
      return List.of("Choose the folder of images to see what it makes of their names.");
    }
    Inputs inputs = inputs(settings);
    if (inputs.files().isEmpty()) return inputs.problems();
    return lines(GroupedNames.of(groups, inputs.files().values()), inputs.files().size());
  }

  private Inputs inputs(Map<String, Object> settings) {
    Folder folder =
        new Folder(
            (File) settings.get("input"),
            Boolean.TRUE.equals(settings.get("recursive")),
            (File) settings.get("output"));
    if (searched.filter(s -> s.folder.equals(folder)).isEmpty()) {
      searched = Optional.of(new Searched(folder, search.apply(settings)));
    }
    return searched.get().inputs;
  }

  private static List<String> lines(GroupedNames named, int images) {
    List<String> lines =
        named.first().stream()
            .map(n -> n.file() + ": " + n.group())
            .collect(Collectors.toCollection(ArrayList::new));
    named
        .other()
        .ifPresent(
            other ->
                lines.add(
                    Strings.format(
                        "%d of %s %s no group, such as %s",
                        named.without(),
                        Strings.count(images, "image"),
                        named.without() == 1 ? "has" : "have",
                        other)));
    return lines;
  }
}
