package dev.psat.support;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Classes that are generated for those of the class path, as AOT processing does:
 * compiled, and defined beside them, since they call what is private to a package.
 */
public final class GeneratedClasses {

	private static final Pattern OWNER = Pattern.compile("(__|\\$\\$).*");

	private final Path directory;

	private final ClassLoader loader = GeneratedClasses.class.getClassLoader();

	private GeneratedClasses(Path directory) {
		this.directory = directory;
	}

	/**
	 * Define what is in a directory. Each package has a class there whose name begins
	 * with that of the one for which it was generated.
	 */
	public static void define(Path directory) throws IOException, IllegalAccessException {
		GeneratedClasses classes = new GeneratedClasses(directory);
		classes.compile();
		classes.define();
	}

	private void compile() throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
			List<String> options = List.of("-proc:none", "-nowarn", "-d", this.directory.toString());
			if (!compiler.getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(filesOf(".java")))
				.call()) {
				throw new IllegalStateException("What was generated does not compile");
			}
		}
	}

	private void define() throws IOException, IllegalAccessException {
		List<Path> files = filesOf(".class");
		Map<Path, Lookup> packages = new HashMap<>();
		for (Path file : files) {
			String name = this.directory.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
			try {
				Class<?> owner = Class.forName(OWNER.matcher(name).replaceFirst(""), false, this.loader);
				packages.put(file.getParent(), MethodHandles.privateLookupIn(owner, MethodHandles.lookup()));
			}
			catch (ClassNotFoundException ex) {
				// another one of the package has an owner
			}
		}
		for (Path file : files) {
			Objects.requireNonNull(packages.get(file.getParent()), file::toString)
				.defineClass(Files.readAllBytes(file));
		}
	}

	private List<Path> filesOf(String type) throws IOException {
		try (Stream<Path> files = Files.walk(this.directory)) {
			return files.filter((file) -> file.toString().endsWith(type)).toList();
		}
	}

}
