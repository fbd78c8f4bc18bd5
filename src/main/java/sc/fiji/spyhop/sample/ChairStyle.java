package sc.fiji.spyhop.sample;

import static sc.fiji.spyhop.sample.ChairParts.DARK;
import static sc.fiji.spyhop.sample.ChairParts.OWN;
import static sc.fiji.spyhop.sample.ChairParts.STEEL;
import static sc.fiji.spyhop.sample.ChairParts.WOOD;

import java.util.List;
import java.util.Locale;

/** Models of chairs, each of fixed measures; only their colour differs. */
public enum ChairStyle {
  /** Four straight legs, three level boards as a back. */
  KITCHEN(
      new ChairParts()
          .seat(0.43, 0.42, 0.46, 0.035)
          .legs(OWN, 0.19, 0.185, 0.43, 0.04, 0)
          .posts(OWN, 0.19, 0.185, 0.43, 0.93, 0.038)
          .slats(OWN, 0.18, 0.185, 0.43, new double[] {0.65, 0.78, 0.92}, 0.07)),
  /** Four straight legs and a solid back. */
  PANEL(
      new ChairParts()
          .seat(0.45, 0.43, 0.47, 0.06)
          .legs(WOOD, 0.2, 0.19, 0.41, 0.042, 0)
          .board(OWN, 0.215, 0.195, 0.46, 0.46, 0.95, 0.05)),
  /** Round legs that stand apart, upright rods under a top rail. */
  SPINDLE(
      new ChairParts()
          .roundSeat(0.225, 0.45, 0.04)
          .roundLegs(OWN, 4, 0.16, 0.11, 0.42, 0.02)
          .spindles(OWN, 7, 0.2, 0.17, 0.44, 0.88)
          .board(OWN, 0.225, 0.17, 0.44, 0.86, 0.92, 0.03)),
  /** Bent wood: a round seat, a hoop as a back with a smaller hoop in it. */
  BENTWOOD(
      new ChairParts()
          .roundSeat(0.21, 0.46, 0.03)
          .roundLegs(OWN, 4, 0.19, 0.04, 0.44, 0.017)
          .ring(OWN, 0.19, 0.26, 0.018)
          .hoop(OWN, 0.19, 0.13, 0.44, 0.91, 0.03)
          .hoop(OWN, 0.105, 0.14, 0.44, 0.78, 0.022)),
  /** High, with many boards and with arms. */
  LADDER(
      new ChairParts()
          .seat(0.48, 0.42, 0.43, 0.03)
          .legs(OWN, 0.22, 0.19, 0.41, 0.036, 0)
          .posts(OWN, 0.22, 0.19, 0.41, 0.97, 0.036)
          .slats(OWN, 0.21, 0.19, 0.41, new double[] {0.56, 0.66, 0.76, 0.86, 0.96}, 0.04)
          .arms(OWN, 0.205, -0.2, 0.21, 0.41, 0.64)
          .rail(OWN, 0.21, -0.19, 0.16, 0.025)
          .sideRails(OWN, 0.22, 0.19, 0.22, 0.025)),
  /** Three legs, no back. */
  STOOL(
      new ChairParts()
          .roundSeat(0.19, 0.47, 0.045)
          .roundLegs(WOOD, 3, 0.12, 0.12, 0.43, 0.024)
          .ring(WOOD, 0.17, 0.2, 0.02)),
  /** High on a column with a round foot, a ring for the feet and a low back. */
  BAR(
      new ChairParts()
          .foot(STEEL, 0.22)
          .column(STEEL, 0.02, 0.66, 0.028)
          .ring(STEEL, 0.16, 0.27, 0.024)
          .rail(STEEL, 0.16, 0, 0.27, 0.02)
          .roundSeat(0.2, 0.72, 0.07)
          .board(OWN, 0.17, 0.18, 0.68, 0.7, 0.91, 0.035)),
  /** Five castors, a column, a padded seat and back, arms. */
  OFFICE(
      new ChairParts()
          .star(DARK, 0.29)
          .column(STEEL, 0.1, 0.4, 0.026)
          .seat(0.48, 0.46, 0.48, 0.09)
          .rail(DARK, 0.27, 0.03, 0.42, 0.04)
          .board(DARK, 0.04, 0.23, 0.4, 0.4, 0.62, 0.03)
          .board(OWN, 0.215, 0.215, 0.5, 0.57, 0.95, 0.07)
          .arms(DARK, 0.25, -0.13, 0.14, 0.42, 0.66)),
  /** A frame of steel tubes on runners. */
  SLED(
      new ChairParts()
          .sled(0.21, 0.19, 0.44)
          .seat(0.44, 0.42, 0.465, 0.03)
          .posts(STEEL, 0.19, 0.19, 0.44, 0.7, 0.02)
          .board(OWN, 0.215, 0.175, 0.44, 0.62, 0.88, 0.025)),
  /** A bent steel tube that carries the seat from its front alone. */
  CANTILEVER(
      new ChairParts()
          .cantilever(0.2, 0.22, 0.43, 0.88)
          .seat(0.38, 0.42, 0.455, 0.035)
          .board(OWN, 0.19, 0.212, 0.43, 0.6, 0.87, 0.03)),
  /** Low and padded, with thick arms and a thick back. */
  ARMCHAIR(
      new ChairParts()
          .legs(WOOD, 0.27, 0.24, 0.1, 0.05, 0)
          .cushion(-0.32, -0.28, 0.09, 0.32, 0.3, 0.27)
          .cushion(-0.213, -0.3, 0.268, 0.213, 0.2, 0.41)
          .cushion(-0.33, -0.29, 0.26, -0.212, 0.3, 0.56)
          .cushion(0.212, -0.29, 0.26, 0.33, 0.3, 0.56)
          .board(OWN, 0.212, 0.22, 0.26, 0.26, 0.8, 0.14)),
  /** A bowl for seat, back and arms on thin legs. */
  SHELL(new ChairParts().bowl(0.25, 0.42, 0.84).roundLegs(WOOD, 4, 0.13, 0.15, 0.42, 0.018));

  private final List<Mesh.Face> faces;

  ChairStyle(ChairParts parts) {
    faces = List.copyOf(parts.faces());
  }

  List<Mesh.Face> faces() {
    return faces;
  }

  /** As in tables, such as {@code kitchen}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
