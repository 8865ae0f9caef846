package dev.psat.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

import dev.psat.support.Matrix;
import dev.psat.test.SimulatedKubelet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the system does to a process: limits, mounts, modes, and its end.
 */
@Matrix
class IsolatedTortureTests {

	@TempDir(factory = InMemory.class)
	Path directory;

	private Path mount;

	@AutoClose
	SimulatedKubelet kubelet;

	@BeforeEach
	void setUp() {
		this.mount = this.directory.resolve("mount");
		this.kubelet = SimulatedKubelet.builder().directory(this.mount).build();
	}

	@Test
	void noInotifyInstanceIsLeft() throws Exception {
		List<String> restriction = shell(List.of("unshare", "-Ur"), "echo 0 > /proc/sys/user/max_inotify_instances");
		IsolatedProcess.assumeAllowed(restriction);
		try (IsolatedProcess process = IsolatedProcess.start(restriction, this.kubelet.tokenPath())) {
			process.awaitStatus("VALID OK POLLING generation=1 missed=0", this.kubelet.token());
			process.awaitStatus("VALID OK POLLING generation=2 missed=0", this.kubelet.rotate());
			process.awaitStatus("VALID OK POLLING generation=3 missed=0", this.kubelet.rotate());
			assertThat(process.lines("polling alone")).hasSize(1).allMatch((line) -> line.contains("INFO"));
			assertThat(process.lines("WARN")).isEmpty();
			assertThat(process.end()).isZero();
		}
	}

	@Test
	void anotherFileSystemIsMountedOverTheDirectory() throws Exception {
		List<String> restriction = List.of("unshare", "-Urm");
		IsolatedProcess.assumeAllowed(shell(restriction, "mount -t tmpfs tmpfs " + this.directory));
		Path other = this.directory.resolve("other");
		try (SimulatedKubelet next = SimulatedKubelet.builder().directory(other).build();
				IsolatedProcess process = IsolatedProcess.start(restriction, this.kubelet.tokenPath())) {
			process.awaitStatus("VALID OK EVENTS generation=1 missed=0", this.kubelet.token());
			process.run("mount -t tmpfs tmpfs %1$s && cp -a %2$s/. %1$s".formatted(this.mount, other));
			process.awaitStatus("VALID OK EVENTS generation=2 missed=0", next.token());
			next.rotate();
			process.run("cd %s && cp -a %s/..data/. ..next && ln -s ..next ..data_tmp && mv -T ..data_tmp ..data"
				.formatted(this.mount, other));
			process.awaitStatus("VALID OK EVENTS generation=3 missed=0", next.token());
			process.run("umount -l " + this.mount);
			process.awaitStatus("VALID OK EVENTS generation=4 missed=0", this.kubelet.token());
			process.awaitStatus("VALID OK EVENTS generation=5 missed=0", this.kubelet.rotate());
		}
	}

	@Test
	void fileIsMountedAlone() throws Exception {
		Path alone = Files.createFile(this.directory.resolve("alone"));
		List<String> restriction = shell(List.of("unshare", "-Urm"),
				"mount --bind %s %s".formatted(this.kubelet.tokenPath(), alone));
		IsolatedProcess.assumeAllowed(restriction);
		String token = this.kubelet.token();
		try (IsolatedProcess process = IsolatedProcess.start(restriction, alone)) {
			process.awaitStatus("VALID PINNED EVENTS generation=1", token);
			this.kubelet.rotate();
			process.run("sleep 0.5");
			process.awaitStatus("VALID PINNED EVENTS generation=1", token);
			assertThat(process.lines("WARN")).singleElement().asString().contains("PINNED", "subPath");
		}
	}

	@Test
	void modesForbid() throws Exception {
		List<String> restriction = withoutPrivileges();
		IsolatedProcess.assumeAllowed(restriction);
		chmod(this.mount, "-wx--x--x");
		Path file = this.kubelet.tokenPath().toRealPath();
		try (IsolatedProcess process = IsolatedProcess.start(restriction, this.kubelet.tokenPath())) {
			String token = this.kubelet.token();
			process.awaitStatus("VALID OK POLLING generation=1 missed=0", token);
			chmod(file, "---------");
			process.awaitStatus("VALID UNREADABLE POLLING generation=1 missed=0", token);
			chmod(file, "rw-r--r--");
			process.awaitStatus("VALID OK POLLING generation=1 missed=0", token);
			process.awaitStatus("VALID OK POLLING generation=2 missed=0", this.kubelet.rotate());
			chmod(this.mount, "rwxr-xr-x");
			process.awaitStatus("VALID OK EVENTS generation=2 missed=0", this.kubelet.token());
			assertThat(process.lines("WARN")).singleElement().asString().contains("permission denied", "fsGroup");
		}
		finally {
			chmod(this.mount, "rwxr-xr-x");
		}
	}

	private static List<String> withoutPrivileges() {
		return "root".equals(System.getProperty("user.name"))
				? List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search") : List.of("env");
	}

	private static List<String> shell(List<String> restriction, String command) {
		List<String> shell = new ArrayList<>(restriction);
		shell.addAll(List.of("sh", "-c", command + " && exec \"$@\"", "sh"));
		return shell;
	}

	private static void chmod(Path path, String mode) throws IOException {
		Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
	}

}
