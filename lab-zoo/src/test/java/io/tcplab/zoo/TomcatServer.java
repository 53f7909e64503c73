package io.tcplab.zoo;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/** Tomcat with eight threads: {@code /hello} answers, and {@code /wait} waits for a lock that nobody releases. */
final class TomcatServer {
    private static final String THREADS = "8";
    private static final ReentrantLock NEVER = new ReentrantLock();

    private TomcatServer() {}

    public static void main(String[] arguments) throws Exception {
        NEVER.lock();
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir("tomcat"); // below the folder of the specimen, where it is started
        Connector connector = new Connector();
        connector.setPort(Integer.parseInt(arguments[0]));
        connector.setProperty("maxThreads", THREADS);
        tomcat.setConnector(connector);
        Tomcat.addServlet(tomcat.addContext("", null), "servlet", new Servlet()).addMapping("/*");
        tomcat.start();
        tomcat.getServer().await();
    }

    private static final class Servlet extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getRequestURI().equals("/wait")) {
                NEVER.lock();
            }
            response.getWriter().println("hello");
        }
    }
}
