import java.nio.file.*;
import java.util.List;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.dataset.format.*;
import sc.fiji.spyhop.util.Decimals;

/** In each line of a file spots.txt an image, a class, and x and y of something 9 pixels wide. */
@Plugin(type = AnnotationFormat.class, name = "spots", description = "a folder with spots.txt")
public class SpotsFormat implements AnnotationFormat {
  public List<Path> find(Path place) {
    Path file = place.resolve("spots.txt");
    return Files.exists(file) ? List.of(file) : List.of();
  }

  public void read(List<Path> files, SetBuilder into) {
    for (String line : TextFiles.read(files.get(0)).lines().toList()) {
      String[] v = line.split("\t");
      into.find(v[0], files.get(0), line).flatMap(into::annotation).ifPresent(i -> i.box(files
          .get(0), line, v[1], Decimals.parse(v[2]) - 4.5, Decimals.parse(v[3]) - 4.5, 9, 9, 1));
    }
  }

  public void write(AnnotatedSet set, Path folder) {
    StringBuilder text = new StringBuilder();
    set.images().forEach(i -> i.annotation().objects().forEach(o -> text.append(String.join("\t",
        i.name(), o.type(), "" + o.box().centerX(), "" + o.box().centerY())).append("\n")));
    TextFiles.write(folder.resolve("spots.txt"), text.toString());
  }
}
