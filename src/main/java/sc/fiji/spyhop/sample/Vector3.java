package sc.fiji.spyhop.sample;

/** A place or a direction in space. */
record Vector3(double x, double y, double z) {

  Vector3 plus(Vector3 o) {
    return new Vector3(x + o.x, y + o.y, z + o.z);
  }

  Vector3 minus(Vector3 o) {
    return new Vector3(x - o.x, y - o.y, z - o.z);
  }

  Vector3 times(double factor) {
    return new Vector3(x * factor, y * factor, z * factor);
  }

  double dot(Vector3 o) {
    return x * o.x + y * o.y + z * o.z;
  }

  Vector3 cross(Vector3 o) {
    return new Vector3(y * o.z - z * o.y, z * o.x - x * o.z, x * o.y - y * o.x);
  }

  double length() {
    return Math.sqrt(dot(this));
  }

  /** The same direction, of length 1. */
  Vector3 unit() {
    return times(1 / length());
  }

  /** A place on the way to another: this one for 0, the other for 1. */
  Vector3 towards(Vector3 o, double share) {
    return plus(o.minus(this).times(share));
  }
}
