import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.model.download.*;

/** Models of a server: in each line of its index.txt name, bytes, SHA-256 and what a model does. */
@Plugin(type = ModelSource.class, name = "group")
public class GroupModels implements ModelSource {
  private final URI home = URI.create(System.getProperty("group.models", "https://example.org/"));

  public List<Catalogue.Entry> models() {
    try (var in = home.resolve("index.txt").toURL().openStream()) {
      String index = new String(in.readNBytes(1 << 20), StandardCharsets.UTF_8);
      return index.lines().map(line -> model(line.split("\t"))).toList();
    } catch (IOException e) {
      throw new SpyhopException(home + " cannot be reached: " + e.getMessage() + ".", e);
    }
  }

  private Catalogue.Entry model(String... v) {
    URI url = home.resolve(v[0] + ".spyhop");
    RemoteFile file = new RemoteFile(v[0] + ".spyhop", url, v[2], Long.parseLong(v[1]));
    return new Catalogue.Bundle(v[0], v[3], file, "CC-BY-4.0");
  }
}
