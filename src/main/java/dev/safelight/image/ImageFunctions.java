package dev.safelight.image;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/// The functions of libvips that read and change one image header or move pixels.
final class ImageFunctions {
    final NativeFunction width;
    final NativeFunction height;
    final NativeFunction bands;
    final NativeFunction offsetX;
    final NativeFunction offsetY;
    final NativeFunction format;
    final NativeFunction interpretation;
    final NativeFunction hasAlpha;
    final NativeFunction orientation;
    final NativeFunction typeOf;
    final NativeFunction getInt;
    final NativeFunction setInt;
    final NativeFunction getFields;
    final NativeFunction remove;
    final NativeFunction setKill;
    final NativeFunction getBlob;
    final NativeFunction setBlobCopy;
    final NativeFunction copyMemory;
    final NativeFunction writeToMemory;
    final NativeFunction newFromMemoryCopy;

    ImageFunctions(Vips vips) {
        width = vips.number("vips_image_get_width", ADDRESS);
        height = vips.number("vips_image_get_height", ADDRESS);
        bands = vips.number("vips_image_get_bands", ADDRESS);
        offsetX = vips.number("vips_image_get_xoffset", ADDRESS);
        offsetY = vips.number("vips_image_get_yoffset", ADDRESS);
        format = vips.number("vips_image_get_format", ADDRESS);
        interpretation = vips.number("vips_image_get_interpretation", ADDRESS);
        hasAlpha = vips.number("vips_image_hasalpha", ADDRESS);
        orientation = vips.number("vips_image_get_orientation", ADDRESS);
        typeOf = vips.size("vips_image_get_typeof", ADDRESS, ADDRESS);
        getInt = vips.number("vips_image_get_int", ADDRESS, ADDRESS, ADDRESS);
        setInt = vips.nothing("vips_image_set_int", ADDRESS, ADDRESS, JAVA_INT);
        getFields = vips.pointer("vips_image_get_fields", ADDRESS);
        remove = vips.number("vips_image_remove", ADDRESS, ADDRESS);
        setKill = vips.nothing("vips_image_set_kill", ADDRESS, JAVA_INT);
        getBlob = vips.number("vips_image_get_blob", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        setBlobCopy = vips.nothing("vips_image_set_blob_copy", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
        copyMemory = vips.pointer("vips_image_copy_memory", ADDRESS);
        writeToMemory = vips.pointer("vips_image_write_to_memory", ADDRESS, ADDRESS);
        newFromMemoryCopy = vips.pointer(
                "vips_image_new_from_memory_copy", ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    }
}
