package sc.fiji.spyhop.model.download;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;

/** Networks for photographs, from their public homes. */
@Plugin(type = ModelSource.class, name = "well-known", priority = 100)
public final class WellKnownNetworks implements ModelSource {

  private static final String RESOURCE = "/models/downloads.json";

  private record Listed(List<Catalogue.Network> networks) {}

  @Override
  public List<Catalogue.Entry> models() {
    return List.copyOf(networks());
  }

  static List<Catalogue.Network> networks() {
    try (InputStream in = WellKnownNetworks.class.getResourceAsStream(RESOURCE)) {
      return JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build()
          .readValue(in, Listed.class)
          .networks();
    } catch (IOException e) {
      throw new SpyhopException("The list of downloads cannot be read. Reinstall Spyhop.", e);
    }
  }
}
