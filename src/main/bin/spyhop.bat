@echo off
rem Starts Spyhop. Environment:
rem   JAVA_HOME      Java to use, 17 or later (default: java on the PATH)
rem   SPYHOP_MEMORY  largest Java heap, such as 4g (default: a quarter of the memory)
rem   JAVA_OPTS      further options for Java
setlocal
set "SPYHOP_JAVA=java.exe"
if not defined JAVA_HOME goto found
set "SPYHOP_JAVA=%JAVA_HOME%\bin\java.exe"
if exist "%SPYHOP_JAVA%" goto found
echo spyhop: JAVA_HOME is %JAVA_HOME%, but there is no Java in it. Set it to a Java 17 or later. 1>&2
exit /b 1
:found
rem Native threads that sleep while they wait leave the processor to others.
if not defined OMP_WAIT_POLICY set "OMP_WAIT_POLICY=passive"
set "SPYHOP_HEAP="
if defined SPYHOP_MEMORY set "SPYHOP_HEAP=-Xmx%SPYHOP_MEMORY%"
"%SPYHOP_JAVA%" -XX:+UseG1GC -Xshare:auto -XX:-UsePerfData -Djava.awt.headless=true -Dorg.slf4j.simpleLogger.defaultLogLevel=warn %JAVA_OPTS% %SPYHOP_HEAP% -cp "%~dp0..\lib\*" sc.fiji.spyhop.cli.Spyhop %*
exit /b %ERRORLEVEL%
