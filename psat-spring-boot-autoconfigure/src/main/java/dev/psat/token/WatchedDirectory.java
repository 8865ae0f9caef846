package dev.psat.token;

import java.nio.file.Path;

/**
 * A directory in which a change can make a path lead elsewhere.
 *
 * @param path its path, without any link
 * @param identity what tells it from another directory that takes its place
 */
record WatchedDirectory(Path path, Object identity) {

}
