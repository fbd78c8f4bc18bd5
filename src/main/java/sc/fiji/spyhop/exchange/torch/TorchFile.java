package sc.fiji.spyhop.exchange.torch;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Weights;

/**
 * The weights in a file that PyTorch wrote: by {@code torch.save} of a state dictionary, alone or
 * within a dictionary of a checkpoint, in zip files or as PyTorch did before 1.6, or by {@code
 * torch.jit.save} (TorchScript). It is data here: a pickle builds tensors, dictionaries, lists,
 * numbers and texts, nothing else, and the code that a TorchScript archive carries is looked at as
 * text for what it ends with, and not run.
 *
 * @param weights by their names in the file, such as {@code encoder.0.weight}; whole numbers and
 *     numbers in 16 or 64 bits become floats
 * @param script what a TorchScript archive does behind its last convolution; empty for others
 * @param notes sentences that a user should know
 */
public record TorchFile(Weights weights, Optional<ScriptEnd> script, List<String> notes) {

  /** Copies the list. */
  public TorchFile {
    notes = List.copyOf(notes);
  }

  /** A network that is named elsewhere, with these weights, and what to know of that. */
  public Imported laid(Imported onto) {
    Imported told = told(onto);
    return script.isEmpty()
        ? told
        : told(
            told,
            List.of(
                "Of the TorchScript archive the weights alone were taken, and nothing that its code"
                    + " does, such as a function at the end."));
  }

  /** A network with its weights, and besides its own notes those of this file. */
  Imported told(Imported imported) {
    return told(imported, notes);
  }

  private static Imported told(Imported imported, List<String> notes) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(imported.notes());
    return new Imported(
        imported.network(), imported.weights(), all, imported.values(), imported.cut());
  }

  private static final List<String> ENDINGS = List.of(".pt", ".pth", ".torchscript");

  /** Of a pickle, the description of weights without their values. */
  private static final int MAX_PICKLE = 32 << 20;

  /** Of a file of code. */
  private static final int MAX_CODE = 1 << 20;

  private static final BigInteger OLD_MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

  private static final String PICKLE = "data.pkl";

  /** Whether a path is such a file, by its name. */
  public static boolean takes(Path file) {
    String name = FileNames.last(file).toLowerCase(Locale.ROOT);
    return ENDINGS.stream().anyMatch(name::endsWith);
  }

  /**
   * Reads a file.
   *
   * @throws SpyhopException if it is none, is not sound, or speaks of anything but weights, which
   *     is named
   */
  public static TorchFile read(Path file) {
    try {
      return isZip(file) ? zipped(file) : old(file);
    } catch (SpyhopException e) {
      throw new SpyhopException(file + ": " + e.getMessage(), e);
    } catch (ZipException e) {
      throw new SpyhopException(
          file + ": is not a sound zip file (" + e.getMessage() + "). Get it again, in full.", e);
    } catch (IOException e) {
      throw new SpyhopException(file + ": cannot be read (" + AtomicFile.reason(e) + ").", e);
    }
  }

  private static boolean isZip(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(4);
      return start.length == 4 && start[0] == 'P' && start[1] == 'K';
    }
  }

  private static TorchFile zipped(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8)) {
      String pickle =
          zip.stream()
              .map(ZipEntry::getName)
              .filter(n -> n.equals(PICKLE) || n.endsWith("/" + PICKLE))
              .filter(n -> n.indexOf('/') == n.lastIndexOf('/'))
              .findFirst()
              .orElseThrow(
                  () ->
                      new SpyhopException(
                          "expected weights of PyTorch, a zip file with "
                              + PICKLE
                              + "; there is none in it."));
      String top = pickle.substring(0, pickle.length() - PICKLE.length());
      Pickled tree =
          new PickleReader(ByteBuffer.wrap(bytes(zip, entry(zip, pickle), MAX_PICKLE))).read();
      ByteOrder order = order(zip, top);
      Storages storages =
          new Storages() {
            @Override
            ByteBuffer bytes(Pickled.Storage storage) throws IOException {
              ZipEntry entry = entry(zip, top + "data/" + storage.key());
              long expected = storage.count() * storage.type().bytes();
              if (entry.getSize() != expected) throw cutOff(storage.key());
              byte[] all = TorchFile.bytes(zip, entry, expected);
              if (all.length != expected) throw cutOff(storage.key());
              return ByteBuffer.wrap(all).order(order);
            }
          };
      TorchFile read = of(tree, storages);
      Map<String, String> modules = StateDict.modules(tree);
      if (modules.isEmpty()) return read;
      ScriptEnd script = ScriptEnd.of(modules, first(read.weights()), name -> code(zip, top, name));
      return new TorchFile(read.weights(), Optional.of(script), read.notes());
    }
  }

  /** Path of the first convolution, by its kernel. */
  private static String first(Weights weights) {
    return weights.tensors().entrySet().stream()
        .filter(t -> t.getValue().rank() == 4)
        .map(t -> t.getKey().replaceFirst("\\.weight$", ""))
        .findFirst()
        .orElse("");
  }

  /** Text of a file of code; nothing if there is no such file of a usual size. */
  private static Optional<String> code(ZipFile zip, String top, String name) {
    String file = top + "code/__torch__" + (name.isEmpty() ? "" : "/" + name) + ".py";
    ZipEntry entry = zip.getEntry(file);
    if (entry == null) return Optional.empty();
    try {
      return Optional.of(new String(bytes(zip, entry, MAX_CODE), StandardCharsets.UTF_8));
    } catch (IOException | SpyhopException e) {
      return Optional.empty();
    }
  }

  private static ZipEntry entry(ZipFile zip, String name) {
    ZipEntry entry = zip.getEntry(name);
    if (entry != null) return entry;
    throw new SpyhopException("lacks " + Strings.visible(name) + ". Get it again, in full.");
  }

  /** All of an entry, which may say that it is smaller than it is. */
  private static byte[] bytes(ZipFile zip, ZipEntry entry, long limit) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      int most = (int) Math.min(Integer.MAX_VALUE - 8, limit + 1);
      byte[] bytes = in.readNBytes(most);
      if (bytes.length <= limit) return bytes;
      throw new SpyhopException(
          Strings.format(
              "%s holds more than the %d bytes that are expected; it is not opened.",
              Strings.visible(entry.getName()), limit));
    }
  }

  private static ByteOrder order(ZipFile zip, String top) throws IOException {
    ZipEntry entry = zip.getEntry(top + "byteorder");
    if (entry == null) return ByteOrder.LITTLE_ENDIAN;
    String order = new String(bytes(zip, entry, 100), StandardCharsets.US_ASCII);
    return order.strip().equals("big") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  private static SpyhopException cutOff(String key) {
    return new SpyhopException(
        "its numbers \"" + key + "\" are not as many as it says. Get it again, in full.");
  }

  /** As PyTorch wrote before 1.6: five pickles, then the numbers of each storage. */
  private static TorchFile old(Path file) throws IOException {
    if (Files.size(file) > Integer.MAX_VALUE - 8) {
      throw new SpyhopException(
          "is of more than 2 GB and in the format of PyTorch before 1.6. Load it there, and save it again.");
    }
    ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file));
    if (!isPickle(all) || !isMagic(new PickleReader(all).read())) {
      throw new SpyhopException(
          "expected weights of PyTorch (of torch.save or torch.jit.save), received something else.");
    }
    new PickleReader(all).read();
    new PickleReader(all).read();
    Pickled tree = new PickleReader(all).read();
    Pickled keys = new PickleReader(all).read();
    if (!(keys instanceof Pickled.Sequence list)) throw cutOff("?");
    Map<String, Integer> positions = new HashMap<>();
    Map<String, Long> counts = new HashMap<>();
    Map<String, Pickled.Storage> known = storages(tree);
    for (Pickled item : list.items()) {
      String key = item instanceof Pickled.Text text ? text.value() : "";
      Pickled.Storage storage = known.get(key);
      if (storage == null || all.remaining() < Long.BYTES) throw cutOff(Strings.visible(key));
      counts.put(key, all.getLong());
      positions.put(key, all.position());
      long size = counts.get(key) * storage.type().bytes();
      if (counts.get(key) != storage.count() || size > all.remaining()) throw cutOff(key);
      all.position(all.position() + (int) size);
    }
    return of(
        tree,
        new Storages() {
          @Override
          ByteBuffer bytes(Pickled.Storage storage) {
            Integer at = positions.get(storage.key());
            if (at == null || counts.get(storage.key()) != storage.count()) {
              throw cutOff(storage.key());
            }
            return all.slice(at, (int) storage.count() * storage.type().bytes())
                .order(ByteOrder.LITTLE_ENDIAN);
          }
        });
  }

  private static boolean isPickle(ByteBuffer bytes) {
    return bytes.remaining() > 2 && bytes.get(0) == (byte) 0x80 && bytes.get(1) == 2;
  }

  private static boolean isMagic(Pickled value) {
    return value instanceof Pickled.Large large && large.value().equals(OLD_MAGIC);
  }

  private static Map<String, Pickled.Storage> storages(Pickled tree) {
    Map<String, Pickled.Storage> storages = new HashMap<>();
    for (Pickled.View view : StateDict.of(tree).values()) {
      storages.put(view.storage().key(), view.storage());
    }
    return storages;
  }

  private static TorchFile of(Pickled tree, Storages storages) throws IOException {
    Map<String, Pickled.View> views = StateDict.of(tree);
    ToLongFunction<Pickled.View> size =
        v -> v.sizes().stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    long asked = views.values().stream().mapToLong(size).sum();
    long there =
        views.values().stream()
            .map(Pickled.View::storage)
            .distinct()
            .mapToLong(s -> s.count())
            .sum();
    if (asked > 4 * there + (1 << 20)) {
      throw new SpyhopException(
          "its tensors are made of the same numbers again and again; it is not opened.");
    }
    Map<String, List<String>> byStorage = new LinkedHashMap<>();
    views.forEach(
        (name, view) ->
            byStorage.computeIfAbsent(view.storage().key(), k -> new ArrayList<>()).add(name));
    Map<String, Tensor> read = new HashMap<>();
    for (List<String> names : byStorage.values()) {
      Pickled.Storage storage = views.get(names.get(0)).storage();
      ByteBuffer bytes = storages.bytes(storage);
      for (String name : names) {
        if (!views.get(name).storage().equals(storage)) throw cutOff(storage.key());
        read.put(name, tensor(views.get(name), bytes));
      }
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    views.keySet().forEach(name -> tensors.put(name, read.get(name)));
    return new TorchFile(
        new Weights(tensors), Optional.empty(), StateDict.choice(tree).stream().toList());
  }

  /** Where the numbers of storages are. */
  private abstract static class Storages {
    abstract ByteBuffer bytes(Pickled.Storage storage) throws IOException;
  }

  private static Tensor tensor(Pickled.View view, ByteBuffer bytes) {
    int[] shape = view.sizes().stream().mapToInt(Integer::intValue).toArray();
    int rank = shape.length;
    float[] values = new float[Math.toIntExact(Tensor.length(shape))];
    int[] index = new int[rank];
    long at = view.offset();
    StorageType type = view.storage().type();
    for (int i = 0; i < values.length; i++) {
      values[i] = type.at(bytes, (int) at);
      for (int d = rank - 1; d >= 0; d--) {
        at += view.strides().get(d);
        if (++index[d] < shape[d]) break;
        at -= view.strides().get(d) * shape[d];
        index[d] = 0;
      }
    }
    return new Tensor(axes(rank), shape, values);
  }

  private static Axes axes(int rank) {
    return switch (rank) {
      case 1 -> Axes.C;
      case 2 -> Axes.OI;
      case 4 -> Axes.OIHW;
      case 5 -> new Axes("OIDHW");
      default -> new Axes("ABCDEFGHIJKLMNOPQRSTUVWXYZ".substring(0, rank));
    };
  }
}
