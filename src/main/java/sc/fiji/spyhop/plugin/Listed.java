package sc.fiji.spyhop.plugin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * A plugin as the index of its jar lists it, which SciJava's annotation processor writes when the
 * jar is made: objects of JSON, one after the other. No class is loaded to read it.
 *
 * @param type name of the interface, one of ours
 * @param name that of its class if it has no other
 * @param holder the jar or folder that the index is in
 */
record Listed(String type, String className, String name, double priority, String holder) {

  /** Beginning of the names of classes and interfaces that come with this program. */
  static final String OURS = "sc.fiji.spyhop.";

  private static final String INDEX = "META-INF/json/org.scijava.plugin.Plugin";

  /**
   * Plugins in all jars, of types of ours.
   *
   * @param damaged is told of an index that cannot be read, in a sentence
   */
  static List<Listed> all(ClassLoader loader, Consumer<String> damaged) {
    List<Listed> all = new ArrayList<>();
    List<URL> indexes;
    try {
      indexes = Collections.list(loader.getResources(INDEX));
    } catch (IOException e) {
      damaged.accept("Jars cannot be looked through for plugins: " + e.getMessage() + ".");
      return all;
    }
    for (URL index : indexes) {
      String holder = holder(index);
      try {
        String text = text(index);
        if (text.contains('"' + OURS)) all.addAll(read(text, holder));
      } catch (IOException e) {
        damaged.accept(
            holder + ": its index of plugins (" + INDEX + ") cannot be read. Get the jar again.");
      }
    }
    return all;
  }

  private static String text(URL index) throws IOException {
    URLConnection connection = index.openConnection();
    connection.setUseCaches(false); // which would keep the jar open, and remember what it was
    try (InputStream in = connection.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<Listed> read(String text, String holder) throws IOException {
    List<Listed> found = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(text)) {
      while (json.nextToken() == JsonToken.START_OBJECT) one(json, holder, found);
    }
    return found;
  }

  private static void one(JsonParser json, String holder, List<Listed> found) throws IOException {
    String className = "";
    String of = "";
    String name = "";
    double priority = 0;
    boolean enabled = true;
    int depth = 1;
    while (depth > 0) {
      JsonToken token = json.nextToken();
      if (token == null) throw new IOException("it ends too early");
      if (token == JsonToken.END_OBJECT) depth--;
      if (token != JsonToken.FIELD_NAME) continue;
      String field = json.currentName();
      json.nextToken();
      if (depth == 1 && field.equals("values")) depth++;
      else if (depth == 1 && field.equals("class")) className = json.getText();
      else if (depth == 2 && field.equals("type")) of = json.getText();
      else if (depth == 2 && field.equals("name")) name = json.getText();
      else if (depth == 2 && field.equals("priority")) priority = json.getValueAsDouble();
      else if (depth == 2 && field.equals("enabled")) enabled = json.getValueAsBoolean(true);
      else json.skipChildren();
    }
    if (enabled && of.startsWith(OURS)) {
      String simple =
          className.substring(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
      found.add(new Listed(of, className, name.isEmpty() ? simple : name, priority, holder));
    }
  }

  private static String holder(URL index) {
    String url = index.toString();
    String place = url.substring(0, url.length() - INDEX.length());
    String holder = place.replaceFirst("^jar:", "").replaceFirst("!/$", "");
    try {
      return Path.of(URI.create(holder)).toString();
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      return holder;
    }
  }

  /** Whether it is one of those that come with this program. */
  boolean isOurs() {
    return className.startsWith(OURS);
  }
}
