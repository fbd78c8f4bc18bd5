@echo off
rem Starts Spyhop. Environment:
rem   JAVA_HOME      Java to use, 17 or later (default: java on the PATH)
rem   SPYHOP_MEMORY  largest Java heap, such as 4g (default: a quarter of the memory)
rem   SPYHOP_CACHE   folder for what can be found out again, such as which engines compute right
rem                  (default: %LOCALAPPDATA%\spyhop)
rem   JAVA_OPTS      further options for Java
setlocal
set "SPYHOP_JAVA=java.exe"
set "SPYHOP_RELEASE="
if not defined JAVA_HOME for %%J in (java.exe) do set "SPYHOP_RELEASE=%%~dp$PATH:J..\release"
if not defined JAVA_HOME goto found
set "SPYHOP_RELEASE=%JAVA_HOME%\release"
set "SPYHOP_JAVA=%JAVA_HOME%\bin\java.exe"
if exist "%SPYHOP_JAVA%" goto found
echo spyhop: JAVA_HOME is %JAVA_HOME%, but there is no Java in it. Set it to a Java 17 or later. 1>&2
exit /b 1
:found
rem Native threads that sleep while they wait leave the processor to others.
if not defined OMP_WAIT_POLICY set "OMP_WAIT_POLICY=passive"
set "SPYHOP_HEAP="
if defined SPYHOP_MEMORY set "SPYHOP_HEAP=-Xmx%SPYHOP_MEMORY%"
rem Which Java this is, from its file "release"; options that older ones refuse are left out.
set "SPYHOP_VERSION=0"
if exist "%SPYHOP_RELEASE%" for /f "tokens=2 delims==." %%V in ('findstr /b "JAVA_VERSION=" "%SPYHOP_RELEASE%"') do set "SPYHOP_VERSION=%%~V"
set "SPYHOP_VERSION=%SPYHOP_VERSION:"=%"
set "SPYHOP_START="
if %SPYHOP_VERSION% GEQ 22 set "SPYHOP_START=--enable-native-access=ALL-UNNAMED"
if %SPYHOP_VERSION% GEQ 23 set "SPYHOP_START=%SPYHOP_START% --sun-misc-unsafe-memory-access=allow"
rem Only ImageJ's window needs a display.
set "SPYHOP_HEADLESS=true"
if /i "%~1"=="gui" set "SPYHOP_HEADLESS=false"
rem Java's second compiler begins later than by default, as in the script for the other systems.
"%SPYHOP_JAVA%" -XX:+UseG1GC -Xshare:auto "-Xlog:cds*=off" -XX:-UsePerfData -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 -XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000 -Dfile.encoding=UTF-8 -Djava.awt.headless=%SPYHOP_HEADLESS% "-Dplugins.dir=%~dp0.." --add-opens java.base/java.lang=ALL-UNNAMED -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dorg.slf4j.simpleLogger.log.io.jhdf=error %SPYHOP_START% %JAVA_OPTS% %SPYHOP_HEAP% -cp "%~dp0..\lib\*" sc.fiji.spyhop.cli.Spyhop %*
exit /b %ERRORLEVEL%
