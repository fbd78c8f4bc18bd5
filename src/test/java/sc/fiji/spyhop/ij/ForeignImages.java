package sc.fiji.spyhop.ij;

/** Files as tifffile 2026.3.3 and Pillow write them, compressed with Deflate, in Base64. */
final class ForeignImages {

  private ForeignImages() {}

  static final String LZW =
      "eNrz9NRi4GBgYOBlYGBkYWAEstiAmBHKZgFiJkZmMFsAiJmhbFaQOigbhAWh6g8AsSiSuBiS"
          + "OeJQthQIM7KC2auAWBrK3gTEGkh6baFsJgYIYETDENDAwMDXICPEy8rYwvKhIoHHwa/t4DH2"
          + "iB4lJgCQsgvM";

  static final String ZSTD =
      "eNrz9WXQYmBg4GDgZWRgYAGygBQDGyMjnM3CyMTADGYLAAlmCPtwAJBgg4oDVTEKwtUfYBRF"
          + "EhdDMkcczlZmlGJghbJXMUrD2ZsYNZD02kLZTAwwwIiGgUBjq/5fBYOrDAwNDAzML9QFmF/4"
          + "KTC/KDVgfsHCwtrAcKmp2AUA5YIQ0g==";

  static final String FLOAT3 =
      "eNrz9NRi4GBgYOBjYGBkYWAEstiAmBHKZgFiJkZmMFsBiJmh7E0NQHVQNggLQtVfAGJRJHEx"
          + "JHPEoWxjIJZiZAWztwGxNJS9D4g1kPTaQtnMQByMxGaAyiNjBKiYY32AgeW/tD3DQWZWNpYb"
          + "/++f7Jv4MIFZwELGQaicYTI7i0MCc1sFAztHhUInM0P0HQFGAAtGFlo=";

  static final String BIG =
      "eNrz9NRm4GBgYBBggAAeKM3AyMLACGWywYSQxFigNBMjM1xMAUozI4nBzcAiJsgoAGcLQBmi"
          + "WNSJYbFXHElvApSWYmRF0QvC0ljENLDYgQIefmVlOPSam2HxQ0GGluviDKlnZRlOzbJmWD3B"
          + "kaGnzZ0ht8aXwa8omEE/I5Jhimk5Q6l2LUOYYjODuXgngwRvP8NPpqkMcRc2Mdgf28GgsGcf"
          + "A+OmIwyPlp9iODz3AgBwvSPb";

  /** Signed 16 bits as ImageJ keeps them, packed with Deflate by tifffile. */
  static final String SHIFTED =
      "eNrz9NRi4GBgYOBlYGBkYWAEstiAmBHKZgFiJkZmMFsAiJmhbJAONigbhPkYmRi8gPQqIBaE"
          + "6hUAEqJIasSQzBSHso2BWIqRFcz+AsTSUPYfINZA0gsCnrmJ6aletoZ6piYFXMlptgZcyQa2"
          + "usZG5mYWekC2IVDGgKusNC+zxNa9KLFSISwxpzSVKzczz9YAKJGbWGFrZmpqbKpnADcV2XQY"
          + "qJjDenAnY4MCA4PhfbZA933SEi7S8hk+QjObD508evbwafelF29aW1hZSsf0rMt79++YmvhO"
          + "ALY6L04=";

  static final String SIGNED =
      "eNrz9NRi4GBgYOBlYGBkYWAEstiAmBHKZgFiJkZmMBukihnKBqtDYgtC1R8AYlEkcTEkc8Sh"
          + "bAkglmJkBbNXAbE0lL0JiDWQ9AZD2UwMEMCIhiHgzdt37z98/Pb9x89fvxkYmZhZWLm4eXj5"
          + "+AECURBD";

  static final String JPEG =
      "eNrz9NRi4GBgYOBnYGBkYWAEsgSAmBGJzcTIzMAMpA8BMTOQDRJnB2I2KJsNiAVh6oGEKFQc"
          + "pEcMyRxxKLuaiYFBipEVzD4BxNJQ9gUgloHqBWENJLYQEzMDE8gtQCjCxAq28wYDBHCAIUwl"
          + "DDNA6f9QuoEAHwb+3/j/gEHAy83TDRgIICkg8f82gzMwGEAARDKBAAsziGRlYWFmYWNlYwNj"
          + "dk4OIGZnY+Pg5uDkAgEgi4ebiwfEARkC0crEyszMysXOxs5FMvh/gEGQAxiaAsyMSgxMgozM"
          + "goz/jzDIA93JCnYe3CeMTMwsrGzsQGdwAxVsFQDFIjPQ0axAFwNla4HyDCyCrEKKho5swoGJ"
          + "7EqFIkaNExdyKDttPCgadPGDinFSURMnl5i4hKSUqpq6hqaWiamZuYWllbOLq5u7h6dXcEho"
          + "WHhEZFRySmpaekZmVnFJaVl5RWVVc0trW3tHZ9ekyVOmTps+Y+asRYuXLF22fMXKVZs2b9m6"
          + "bfuOnbsOHT5y9NjxEydPXbp85eq16zdu3nr46PGTp8+ev3j56uOnz1++fvv+4+cvkL8YgQkO"
          + "BrD6SxDoLyZQHLCD/MXIVA5SIMjCqmjIJuQYyJ5YKKxk1Mgh4jRx4caDnMrGQR9Ek4oucomp"
          + "mDxU/QjyGthnxHmsiSyfwT2G8NctBh5mRmDkMQsy2DP8VVjUpf3h85/j9v9vAgCZyc1X";

  static final String OME =
      "eNq1UktvE1cYPddOeJWGR3mGFqaXTVVhz8PBgOVxWjkNGAKYxpYSdpPxtX0lz4yZGRObQlX1"
          + "Qf9Bn5u+2AB9CEEfu6qrttANfbABSjfQlg3rltf1eAIJiEWEM9KnOXN1znfP953J5Z7HAgBP"
          + "AqQHRKB5okiIe0RFSDTAS0VFQxzwpuE+EkF/FFjfCywLtd+LWjmNs2paz9UhVkT1k94AHxe1"
          + "LsSnRD03TXuF4B6eqqmHIIKo6NqLRXgCi8UkfViCFViJVViNNViL9dgACc+CYiNKYCijgio4"
          + "bDio4wBceGiihUN4BYdxBK/jDbyJt3AUb+NH/ISfcRbn8AvO41f8ht/xBy7gIi7hMv7EFfyF"
          + "q7iGv/EP/sV1aEhgAJuRxBakoSODQbyAFzGM7diBHHZiF/LYh5cxigKKeAfv4j28jw/wIT7C"
          + "x/gEn+IzHBPbOIGT+Bxf4Eucxhl8jW/wLb7Df/gfN3ELt3EHPaSXzCPzyQKykPSRJWQpWUaW"
          + "k6fIGrKW9JN15GnyDFn8WLlOZXljllkejNzP8tXIzCyPRh7OsjsuJdI9l5uic+Uy30WX5+fM"
          + "5WtddNnsmSuXX3XRJfCwy/Rg06pJB5nrccfWqRpXqMRs0ylxu6LTYmE4tpUOZtJ7d78kCaLt"
          + "6bTq+/WULE9OTsadOrMtbrqOZzr1VtxxK/KoWWWW4clCIGuKmowpSdpRppoen6GeTAQKTVFU"
          + "eWz3SEcZ47bnG7bJhMrjKS84HHFMww/8zfpyadYK2bFYvOmVqFQs5oZ02nDtVKPBS6ky2zKh"
          + "DUxsjbEJZsZUtazGtiWNbTFFK5tK51GplHWZ4TuuTn1eLpd5jcXrLUlTtGQ8EU/QTDpnGRUm"
          + "tRsHKCX2vcewWPipCEaeN1nNCygd2OYMcYvZ7Yz2uiUmuo+N788WqFRo1YW0wW1fFXse5YfY"
          + "mE5DNK7TgQ7ar9NEB2V1qnVQQYRNpXy15XHTqIVKJb75gbOizX2d/nDGmnk+3uZqD5DH75Mz"
          + "6WzVsG1WC8YIcUppTzJqWPUa8/LMDaZr28ikR3il6ucNvypn0nJIf1QPdVY9CiKGIcM3pNyw"
          + "6CLuz9cMm2Wdhu23N9XmdrYsQBCBeIu/IYO7KyZU5Q==";

  static final String IMAGEJ =
      "eNqtlM9r02AYx7/v+yZtmvWnqHP1V4tMykRpN9Q5iMaLWA9SD8IQDw1d6IptF5oWNr28MlGP"
          + "OU5vHgQRhFwEve0oeCl48OhuCl7yDwg+LZFV7EWWF57n/SZ5npDP801SrS5AA5ACmAJGKkbB"
          + "Qq1QcCbGOkshQq2O6kI9ijTjuE/7W4pc2FundGSi5ujEPWdDfYUiz9SxvkHpeKhvUypN9L6k"
          + "VO1YTfuWUblQqVh6a3TgGpf0xrrV7dpt11jU3XarQeeW9PUtx+65favxwOj3Brbe2VizjWbP"
          + "2nIbVtvWB91W3xh0dNexGq1ukzpx0MXD51TCfX/J8eQ0jFlqKGGGJIZYRoamyGpYxSyNnHnY"
          + "xGmq41k8xxmYJpIHcuSPCyb/PxfKfN+FZf63Cw/5v6QyKUWZeC4iJYWDAAYyUgR06TpyUnFY"
          + "AVUckorPTNzBYamWifludHwFER3fPTGFbw6xGttBE3nEPPYBGziBeJZ9gotTiHvsBx6RcfEh"
          + "17CNIrQaP4Zn0fGNGqLiW1Gm8M3LhMPreIGzMuFziVcoSb3MPbzGgtR97uMdzkk94EO8x3k5"
          + "4/A9fIyOby9Cvrw6hW8RSU+U8BlLSA7FTXwZvao1sYqvuIzUUGziG32M6azYwXesIO2JN/gZ"
          + "Hd+uGh3ftD+NvCozvgjwC9dkJkCWq3gsC45W4Alsy0KgmTyHJ7JY1up8Dk9l0dccfhK75m+t"
          + "53la";

  static final String THUMBNAIL =
      "eNrz9NRi4GBgYOBhYGBkYWAEstiAmBHKZgFiJkZmMBukihnKBqtDYgtC1W8AYlEkcTEkc8Sh"
          + "bAkglmJkBbPnAbE0lL0MiDWQ9J6A0sgYRDExs7BycfPw8vGLiIqJS0jKySsoKinzMvxjYEGo"
          + "g9rFjOQXJhL90sCI3S9MSH5hQ/JLFiPCL0WMqH5hwO4XEGBiERGTAABKvgo+";

  static final String PALETTE =
      "eNrtlImXzWUch587c+/QGGNpzAwxxpA0ZEtIYkgYSbInSbIlJNmyTvZkT5IkSULIliRJSPYt"
          + "SUhCkmzJlmzPdO5x+h9qfuc95z3vvMv3+/k8n5uenkoRIEQgIjIYCkVni8kemyMUlyc+ITFv"
          + "KKlgcqGUwtEQiCTgrihHIDwPOiLC86yOyPA8lOG+8DzSkSsQvLUn/l9nE8Lr+TNHeD1zpDnP"
          + "PDiDW38BIlwJWmQUWbzoNqLJRgzZiSUHOclFbm4njjzEk0AiecnHHV5cgCQKkkwhUihsm3dS"
          + "lLsoxt2kUpwS3ENJSlGaMpTlXspxH+WpQEXupxIPUJkHqUJV0qhGdR6iBg9Tk1rUJp06PEJd"
          + "HqUej1Gfx2lAQxrRmCY0pRlP0JwnacFTtORpWvEMrXmWNrSlHe3pwHN05Hk60ZkuvEBXXqQb"
          + "L9GdHvSkF715mT70pR/9GcBAMniFQQxmCEMZxnBG8CojeY1RjGYMYxnHeCbwOhN5g0m8yWTe"
          + "YgpvM5V3mMa7TOc9xXyfmXzALD5kNnOYy0fMYz4L+JiFLGIxS1jKJyzjU5bzGSv4nJV8wSq+"
          + "ZDVfsYa1rONr1vMNG9jIJjazha1sYzs72MkuvmU337GH79nLD+xjPwf4kYP8xCF+5jBHOMov"
          + "HONXjvMbJ/idk5ziNGc4yx+c40/Oc4GLXOIyf3GFv7nKNa5zw++6s6uuXPE/l91x0Z3nPXHO"
          + "k2e94bQ3nfTGE9583BeO+dJRXzzsy4es4KCVHLCifVa21wr3WOluK95l5TvsYJudbLGjTXa2"
          + "wQ7X2+k6O15j56tVYJVKrFSRFSqzXIWWqdRSFVuscgtVcIFKzlPRuSo7W4VnqfRMFZ+h8tN1"
          + "YJpOTNWRKTozWYcm6dREHZugc+N0cIxOjtLRkTo7QoeH6fQQHR+k8xkSMEAS+klEH8noLSE9"
          + "JaW7xHSTnK4S1EWSOklUR8nqIGHtJK2NxLWWvFYS2FISW0hkc8lsJqFNJLWRxDaQ3PoSXE+S"
          + "60p0HcmuLeE1Jb2GxFeX/DQTUMUkVDYRlUxGRRNS3qSUMzFlTU5pE1TSJJUwUakmq5gJK2rS"
          + "ipi4FJOXbAKTTGJ+E5nPZCaa0HiTGmdic5vcnCY41iTHmOhok53VhEeZ9KCJj/jnByHL/99/"
          + "+bsJcdIK8w==";

  static final String GIF =
      "eNpz93SzME9kY2BhaGFgYPjPzviPnekvO/Mfdpbf7Ky/2Lm+snN/Yef5zM77iZ3vIzv/B3aR"
          + "1+yir9jFXrKLv2CXeM4u+Yxd7iG7/AN2hfvsivfYle6yK99hZ8ABdEAEyC4GDjkGRhYBgwYH"
          + "RmZ2AZWADQ2OzOz8Ci4TDBqdWLnFmZgYrAG2CyCM";
}
