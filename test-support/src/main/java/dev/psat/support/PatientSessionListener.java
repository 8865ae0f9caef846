package dev.psat.support;

import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Lets each {@code await()} without a limit of its own be patient, and none fail by what
 * a thread of a library throws: a server does when a client is cut off.
 */
public final class PatientSessionListener implements LauncherSessionListener {

	@Override
	public void launcherSessionOpened(LauncherSession session) {
		Awaitility.setDefaultTimeout(Patience.LIMIT);
		Awaitility.doNotCatchUncaughtExceptionsByDefault();
	}

}
