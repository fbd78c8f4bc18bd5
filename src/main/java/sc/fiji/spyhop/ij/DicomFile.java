package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.ImageStack;
import ij.measure.Calibration;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * DICOM without compression, with the values that are stored (DICOM PS3.3, C.7.6.3): grey of 8, 16
 * or 32 bits, of which some may be used, and red, green and blue of 8 bits.
 */
final class DicomFile {

  private final DicomHeader header;
  private final int width;
  private final int height;
  private final int samples;
  private final int allocated;
  private final int stored;
  private final int shift;
  private final boolean signed;

  private DicomFile(DicomHeader header) throws IOException {
    this.header = header;
    this.width = header.number(DicomHeader.COLUMNS, 0);
    this.height = header.number(DicomHeader.ROWS, 0);
    this.samples = header.number(DicomHeader.SAMPLES, 1);
    this.allocated = header.number(DicomHeader.BITS_ALLOCATED, 16);
    this.stored = header.number(DicomHeader.BITS_STORED, allocated);
    this.shift = header.number(DicomHeader.HIGH_BIT, stored - 1) - (stored - 1);
    this.signed = header.number(DicomHeader.SIGNED, 0) == 1;
    String colors = header.text(DicomHeader.COLORS);
    boolean grey = colors.isEmpty() || colors.equals("MONOCHROME1") || colors.equals("MONOCHROME2");
    if (!(grey && samples == 1 || colors.equals("RGB") && samples == 3)) {
      throw new IOException(
          Strings.format(
              "its colours are %s with %d samples a pixel (PhotometricInterpretation);"
                  + " MONOCHROME1, MONOCHROME2 and RGB are read",
              colors.isEmpty() ? "of no told kind" : colors, samples));
    }
    boolean bits = samples == 1 ? allocated == 8 || allocated == 16 || allocated == 32 : !signed;
    if (!bits || samples == 3 && allocated != 8) {
      throw new IOException(
          Strings.format(
              "its samples are %s numbers of %d bits (BitsAllocated)",
              signed ? "signed" : "unsigned", allocated));
    }
    if (stored < 1 || shift < 0 || stored + shift > allocated) {
      throw new IOException(
          Strings.format(
              "of %d bits of its samples %d are used, up to bit %d (BitsStored, HighBit)",
              allocated, stored, stored + shift - 1));
    }
    if (width == 0 || height == 0) throw new IOException("it does not tell how many pixels it has");
  }

  /**
   * Opens all frames as slices.
   *
   * @throws EOFException if the file ends before its pixels do
   * @throws IOException with half a sentence, if it is damaged or has a property that is not read
   */
  static ImagePlus open(Path path, long memory) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      DicomFile dicom = new DicomFile(DicomHeader.read(file));
      String told = dicom.header.text(DicomHeader.FRAMES);
      int frames = told.matches("\\d{1,9}") ? Math.max(1, Integer.parseInt(told)) : 1;
      double bytes = (double) dicom.width * dicom.height * dicom.samples * dicom.allocated / 8;
      if (bytes * frames > file.length() - file.getFilePointer()) throw new EOFException();
      if (bytes * frames * 4 > memory || bytes > Integer.MAX_VALUE - 8) {
        throw new SpyhopException(
            Strings.format(
                "%s does not fit into memory: it has %d x %d pixels and %d frames. %s",
                path, dicom.width, dicom.height, frames, SpyhopException.MORE_HEAP));
      }
      ImageStack stack = new ImageStack(dicom.width, dicom.height);
      for (int i = 0; i < frames; i++) {
        byte[] plane = new byte[(int) bytes];
        file.readFully(plane);
        stack.addSlice("", dicom.plane(plane));
      }
      ImagePlus image = new ImagePlus("", stack);
      dicom.calibrate(image.getCalibration(), image.getBitDepth());
      return image;
    }
  }

  private ImageProcessor plane(byte[] bytes) {
    int size = width * height;
    if (samples == 3) {
      boolean planar = header.number(DicomHeader.PLANAR, 0) == 1;
      int[] rgb = new int[size];
      for (int i = 0; i < size; i++) {
        for (int c = 0; c < 3; c++) {
          rgb[i] = rgb[i] << 8 | bytes[planar ? c * size + i : 3 * i + c] & 0xFF;
        }
      }
      return new ColorProcessor(width, height, rgb);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(header.order());
    if (allocated == 8 && !signed) {
      byte[] values = new byte[size];
      for (int i = 0; i < size; i++) values[i] = (byte) value(buffer, i);
      return new ByteProcessor(width, height, values, null);
    }
    if (allocated == 16) {
      short[] values = new short[size];
      int zero = signed ? 1 << 15 : 0;
      for (int i = 0; i < size; i++) values[i] = (short) (value(buffer, i) + zero);
      return new ShortProcessor(width, height, values, null);
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) values[i] = value(buffer, i);
    return new FloatProcessor(width, height, values, null);
  }

  /** The bits that are used of one number, with their sign. */
  private long value(ByteBuffer buffer, int i) {
    long all =
        switch (allocated) {
          case 8 -> buffer.get(i);
          case 16 -> buffer.getShort(2 * i);
          default -> buffer.getInt(4 * i);
        };
    long used = all << 64 - stored - shift;
    return signed ? used >> 64 - stored : used >>> 64 - stored;
  }

  /** Spacings are in millimetres: that of rows, then that of columns. */
  private void calibrate(Calibration calibration, int depth) {
    if (signed && depth == 16) calibration.setSigned16BitCalibration();
    String[] spacing = header.text(DicomHeader.PIXEL_SPACING).split("\\\\");
    if (spacing.length != 2) return;
    try {
      double y = Double.parseDouble(spacing[0].strip());
      double x = Double.parseDouble(spacing[1].strip());
      if (!(x > 0 && y > 0)) return;
      calibration.pixelWidth = x;
      calibration.pixelHeight = y;
      calibration.setUnit("mm");
      calibration.pixelDepth = Double.parseDouble(header.text(DicomHeader.SLICE_SPACING));
    } catch (NumberFormatException e) {
      // No number, no spacing.
    }
  }
}
